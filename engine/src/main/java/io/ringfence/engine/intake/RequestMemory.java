package io.ringfence.engine.intake;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ForgottenRequestsDecoder;
import io.ringfence.schemas.ForgottenRequestsEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.RememberedRequestDecoder;
import io.ringfence.schemas.RememberedRequestEncoder;
import java.util.Arrays;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Remembers which requests came before: (principal, request id) to (sequence, body hash).
 *
 * <p>The last ones of each principal and the last ones in all are remembered; the oldest go first. Of a principal's forgotten
 * ids the highest is kept, so that an id that may have been forgotten is told from a new one. Grows by doubling up to its
 * bound and allocates nothing after that. One thread.
 */
public final class RequestMemory {
    /** What is known of a request id. */
    public enum Finding {
        /** Never seen: higher than any that was forgotten. */
        NEW,
        /** Remembered, with the same body. */
        DUPLICATE,
        /** Remembered, with another body. */
        REUSED,
        /** Not remembered, and not above the highest forgotten one. */
        TOO_OLD
    }

    private static final int NONE = -1;
    private static final int INITIAL_CAPACITY = 1024;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final long PRINCIPAL_MULTIPLIER = 0xD1B5_4A32_D192_ED03L;
    private static final int BLOCK_BITS = 4;
    private static final int BLOCK_MASK = (1 << BLOCK_BITS) - 1;

    private final int perPrincipal;
    private final int inAll;
    private final Int2ObjectHashMap<PrincipalRequests> principals = new Int2ObjectHashMap<>();

    private int[] principalIds;
    private long[] requestIds;
    private long[] sequences;
    private long[] bodyHashes;
    private int[] newer; // Over all principals, by sequence.
    private int[] older;
    private int[] newerOfPrincipal;
    private int[] table; // Slot + 1 by open addressing; 0 is free.
    private int free;
    private int oldest = NONE;
    private int newest = NONE;
    private int count;
    private int found = NONE;

    /**
     * @param perPrincipal most remembered of one principal; 1 and above.
     * @param inAll        most remembered in all; {@code perPrincipal} and above.
     */
    public RequestMemory(int perPrincipal, int inAll) {
        this.perPrincipal = perPrincipal;
        this.inAll = inAll;
        allocate(Math.min(INITIAL_CAPACITY, inAll));
    }

    /** Looks a request id up. For {@link Finding#DUPLICATE} {@link #foundSequence()} then tells the first one's sequence. */
    public Finding find(int principalId, long requestId, long bodyHash) {
        found = slotOf(principalId, requestId);
        if (found != NONE) {
            return bodyHashes[found] == bodyHash ? Finding.DUPLICATE : Finding.REUSED;
        }
        PrincipalRequests requests = principals.get(principalId);
        boolean mayBeForgotten = requests != null
                && Long.compareUnsigned(requestId, requests.highestForgotten) <= 0
                && requests.hasForgotten;
        return mayBeForgotten ? Finding.TOO_OLD : Finding.NEW;
    }

    /** Sequence of the request that {@link #find} last found. */
    public long foundSequence() {
        return sequences[found];
    }

    /** Remembers a request that {@link #find} called new. */
    public void remember(int principalId, long requestId, long sequence, long bodyHash) {
        PrincipalRequests requests = requestsOf(principalId);
        if (requests.count == perPrincipal) {
            forget(requests.oldest);
        } else if (count == inAll) {
            forget(oldest);
        }
        if (free == NONE) {
            grow();
        }
        int slot = free;
        free = newer[slot];
        principalIds[slot] = principalId;
        requestIds[slot] = requestId;
        sequences[slot] = sequence;
        bodyHashes[slot] = bodyHash;
        append(slot, requests);
        insert(slot);
        count++;
    }

    /** Takes each principal's highest request id. */
    @FunctionalInterface
    public interface HighestVisitor {
        /** @param highestRequestId remembered, or known to be forgotten; u64 bits. */
        void onPrincipal(int principalId, long highestRequestId);
    }

    /** Hands over the highest request id of each principal, in no stated order. Walks all that is remembered. */
    public void forEachPrincipal(HighestVisitor visitor) {
        Int2ObjectHashMap<Long> highest = new Int2ObjectHashMap<>();
        principals.forEach((id, requests) -> {
            if (requests.hasForgotten) {
                highest.put(id, Long.valueOf(requests.highestForgotten));
            }
        });
        for (int slot = oldest; slot != NONE; slot = newer[slot]) {
            Long known = highest.get(principalIds[slot]);
            if (known == null || Long.compareUnsigned(requestIds[slot], known) > 0) {
                highest.put(principalIds[slot], Long.valueOf(requestIds[slot]));
            }
        }
        highest.forEach(visitor::onPrincipal);
    }

    /** How many are remembered. */
    public int size() {
        return count;
    }

    /** Writes what is remembered, oldest first, then each principal's highest forgotten id, ascending by principal. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        RememberedRequestEncoder remembered = new RememberedRequestEncoder();
        for (int slot = oldest; slot != NONE; slot = newer[slot]) {
            remembered
                    .wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                    .clientRequestId(requestIds[slot])
                    .sequence(sequences[slot])
                    .bodyHash(bodyHashes[slot])
                    .principalId(principalIds[slot]);
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + remembered.encodedLength());
        }
        ForgottenRequestsEncoder forgotten = new ForgottenRequestsEncoder();
        int[] ids = principals.keySet().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        for (int principalId : ids) {
            PrincipalRequests requests = principals.get(principalId);
            if (requests.hasForgotten) {
                forgotten
                        .wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .principalId(principalId)
                        .highestForgotten(requests.highestForgotten);
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + forgotten.encodedLength());
            }
        }
    }

    /** Takes the message at the reader's position, if it is one of this owner's. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() == RememberedRequestDecoder.TEMPLATE_ID) {
            RememberedRequestDecoder remembered =
                    new RememberedRequestDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
            remember(
                    (int) remembered.principalId(),
                    remembered.clientRequestId(),
                    remembered.sequence(),
                    remembered.bodyHash());
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + remembered.encodedLength());
            return true;
        }
        if (header.templateId() == ForgottenRequestsDecoder.TEMPLATE_ID) {
            ForgottenRequestsDecoder forgotten =
                    new ForgottenRequestsDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
            requestsOf((int) forgotten.principalId()).hasForgotten(forgotten.highestForgotten());
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + forgotten.encodedLength());
            return true;
        }
        return false;
    }

    private PrincipalRequests requestsOf(int principalId) {
        PrincipalRequests requests = principals.get(principalId);
        if (requests == null) {
            requests = new PrincipalRequests();
            principals.put(principalId, requests);
        }
        return requests;
    }

    private void append(int slot, PrincipalRequests requests) {
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
        newerOfPrincipal[slot] = NONE;
        if (requests.newest == NONE) {
            requests.oldest = slot;
        } else {
            newerOfPrincipal[requests.newest] = slot;
        }
        requests.newest = slot;
        requests.count++;
    }

    /** Forgets the oldest request of a principal; the oldest of all is one of those, too. */
    private void forget(int slot) {
        PrincipalRequests requests = principals.get(principalIds[slot]);
        requests.hasForgotten(requestIds[slot]);
        requests.oldest = newerOfPrincipal[slot];
        if (requests.oldest == NONE) {
            requests.newest = NONE;
        }
        requests.count--;
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
        remove(slot);
        newer[slot] = free;
        free = slot;
        count--;
    }

    private int slotOf(int principalId, long requestId) {
        int mask = table.length - 1;
        int index = indexOf(principalId, requestId, mask);
        while (table[index] != 0) {
            int slot = table[index] - 1;
            if (requestIds[slot] == requestId && principalIds[slot] == principalId) {
                return slot;
            }
            index = (index + 1) & mask;
        }
        return NONE;
    }

    private void insert(int slot) {
        int mask = table.length - 1;
        int index = indexOf(principalIds[slot], requestIds[slot], mask);
        while (table[index] != 0) {
            index = (index + 1) & mask;
        }
        table[index] = slot + 1;
    }

    /** Removes by shifting back what stands behind, so that no probe ever crosses a gap. */
    private void remove(int slot) {
        int mask = table.length - 1;
        int gap = indexOf(principalIds[slot], requestIds[slot], mask);
        while (table[gap] != slot + 1) {
            gap = (gap + 1) & mask;
        }
        int index = gap;
        while (true) {
            index = (index + 1) & mask;
            if (table[index] == 0) {
                break;
            }
            int other = table[index] - 1;
            int home = indexOf(principalIds[other], requestIds[other], mask);
            if (((index - home) & mask) >= ((index - gap) & mask)) {
                table[gap] = table[index];
                gap = index;
            }
        }
        table[gap] = 0;
    }

    /** Ids grow, so ids that follow one another stand side by side: a block of them shares a cache line. */
    private static int indexOf(int principalId, long requestId, int mask) {
        long hash = ((requestId >>> BLOCK_BITS) * MULTIPLIER) ^ (principalId * PRINCIPAL_MULTIPLIER);
        hash *= MULTIPLIER;
        return ((int) (hash >>> 32) & ~BLOCK_MASK | (int) requestId & BLOCK_MASK) & mask;
    }

    private void grow() {
        int previous = requestIds.length;
        int capacity = Math.min(previous * 2, inAll);
        principalIds = Arrays.copyOf(principalIds, capacity);
        requestIds = Arrays.copyOf(requestIds, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        bodyHashes = Arrays.copyOf(bodyHashes, capacity);
        newer = Arrays.copyOf(newer, capacity);
        older = Arrays.copyOf(older, capacity);
        newerOfPrincipal = Arrays.copyOf(newerOfPrincipal, capacity);
        chainFree(previous, capacity);
        table = new int[tableLength(capacity)];
        for (int slot = oldest; slot != NONE; slot = newer[slot]) {
            insert(slot);
        }
    }

    private void allocate(int capacity) {
        principalIds = new int[capacity];
        requestIds = new long[capacity];
        sequences = new long[capacity];
        bodyHashes = new long[capacity];
        newer = new int[capacity];
        older = new int[capacity];
        newerOfPrincipal = new int[capacity];
        table = new int[tableLength(capacity)];
        chainFree(0, capacity);
    }

    private void chainFree(int begin, int end) {
        for (int slot = begin; slot < end; slot++) {
            newer[slot] = slot + 1 < end ? slot + 1 : NONE;
        }
        free = begin < end ? begin : NONE;
    }

    private static int tableLength(int capacity) {
        return Integer.highestOneBit(Math.max(capacity, 1)) * 4;
    }

    /** One principal's requests, oldest to newest. */
    private static final class PrincipalRequests {
        private int oldest = NONE;
        private int newest = NONE;
        private int count;
        private boolean hasForgotten;
        private long highestForgotten;

        void hasForgotten(long requestId) {
            if (!hasForgotten || Long.compareUnsigned(requestId, highestForgotten) > 0) {
                highestForgotten = requestId;
            }
            hasForgotten = true;
        }
    }
}
