package io.ringfence.engine.intake;

import io.ringfence.engine.recent.RecentRows;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.ForgottenRequestsDecoder;
import io.ringfence.schemas.ForgottenRequestsEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RememberedRequestDecoder;
import io.ringfence.schemas.RememberedRequestEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.ObjLongConsumer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Remembers which requests came before: (principal, request id) to (sequence, body hash).
 *
 * <p>The last ones of each principal are remembered; its oldest go first, and no other principal's requests make them go. Of a
 * principal's forgotten ids the highest is kept, so that an id that may have been forgotten is told from a new one. Ids are from 1 to
 * {@link #REQUEST_ID_MAX}; the caller has checked that. Allocates the room of a principal at its first request. One thread.
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
        TOO_OLD,
        /** More than {@link #JUMP_MAX} above the principal's highest. */
        TOO_FAR
    }

    /** Highest request id that there is. Far below the end of i64, so that no sum with it overflows. */
    public static final long REQUEST_ID_MAX = 1L << 62;

    /** How far above the principal's highest id a new one may be, so that one id does not use up all that are left. */
    public static final long JUMP_MAX = 1L << 56;

    private final int perPrincipal;
    private final Int2ObjectHashMap<PrincipalRequests> principals = new Int2ObjectHashMap<>();
    private final List<PrincipalRequests> everyPrincipal = new ArrayList<>();

    private long foundSequence;

    /** @param perPrincipal most remembered of one principal; 1 and above. */
    public RequestMemory(int perPrincipal) {
        this.perPrincipal = perPrincipal;
    }

    /** Looks a request id up. For {@link Finding#DUPLICATE} {@link #foundSequence()} then tells the first one's sequence. */
    public Finding find(int principalId, long requestId, long bodyHash) {
        PrincipalRequests requests = principals.get(principalId);
        if (requests == null) {
            return Finding.NEW;
        }
        if (requestId > requests.highest) { // As an id that grows is: no need to look for it.
            return requestId - requests.highest > JUMP_MAX ? Finding.TOO_FAR : Finding.NEW;
        }
        int row = requests.find(requestId);
        if (row != PrincipalRequests.NONE) {
            foundSequence = requests.sequence(row);
            return requests.bodyHash(row) == bodyHash ? Finding.DUPLICATE : Finding.REUSED;
        }
        return requests.hasForgotten && requestId <= requests.highestForgotten ? Finding.TOO_OLD : Finding.NEW;
    }

    /** Sequence of the request that {@link #find} last found. */
    public long foundSequence() {
        return foundSequence;
    }

    /** Remembers a request that {@link #find} called new. */
    public void remember(int principalId, long requestId, long sequence, long bodyHash) {
        PrincipalRequests requests = requestsOf(principalId);
        if (requests.size() == perPrincipal) {
            requests.forgetOldest();
        }
        requests.add(requestId, sequence, bodyHash);
    }

    /** Sequence of a request that is remembered; 0 if it is not. */
    public long sequence(int principalId, long requestId) {
        PrincipalRequests requests = principals.get(principalId);
        int row = requests == null ? PrincipalRequests.NONE : requests.find(requestId);
        return row == PrincipalRequests.NONE ? 0 : requests.sequence(row);
    }

    /** Highest request id of a principal, remembered or known to be forgotten; 0 for none. */
    public long highest(int principalId) {
        PrincipalRequests requests = principals.get(principalId);
        return requests == null ? 0 : requests.highest;
    }

    /** Forgets every request of a principal, so that its next id may be any. {@code NOTHING_TO_FORGET} when it has sent none. */
    public ReasonCode restart(int principalId) {
        PrincipalRequests requests = principals.remove(principalId);
        return everyPrincipal.remove(requests) ? ReasonCode.NONE : ReasonCode.NOTHING_TO_FORGET;
    }

    /** Hands over each principal with its highest request id, remembered or forgotten, in no stated order. */
    public void forEachPrincipal(ObjLongConsumer<Integer> visitor) {
        everyPrincipal.forEach(requests -> visitor.accept(requests.principalId, requests.highest));
    }

    /** Remembers in an empty memory of the same bound what this one does. */
    public void copyTo(RequestMemory empty) {
        for (PrincipalRequests requests : everyPrincipal) {
            PrincipalRequests copy = empty.requestsOf(requests.principalId);
            for (int i = 0; i < requests.size(); i++) {
                int row = requests.row(i);
                copy.add(requests.requestId(row), requests.sequence(row), requests.bodyHash(row));
            }
            if (requests.hasForgotten) {
                copy.forgot(requests.highestForgotten);
            }
        }
    }

    /** How many are remembered. */
    public int size() {
        return everyPrincipal.stream().mapToInt(PrincipalRequests::size).sum();
    }

    /** How many bytes {@link #writeState} would append now. */
    public long stateLength() {
        long forgotten = everyPrincipal.stream().filter(one -> one.hasForgotten).count();
        return StateWriter.length(size(), RememberedRequestEncoder.BLOCK_LENGTH)
                + StateWriter.length(forgotten, ForgottenRequestsEncoder.BLOCK_LENGTH);
    }

    /** Writes what is remembered, oldest first, then each principal's highest forgotten id, ascending by principal. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        RememberedRequestEncoder remembered = new RememberedRequestEncoder();
        Queue<Cursor> oldestFirst = new PriorityQueue<>(Comparator.comparingLong(Cursor::sequence));
        everyPrincipal.stream()
                .filter(requests -> requests.size() > 0)
                .map(Cursor::new)
                .forEach(oldestFirst::add);
        while (!oldestFirst.isEmpty()) {
            Cursor cursor = oldestFirst.remove();
            cursor.encode(remembered.wrapAndApplyHeader(writer.buffer(), writer.position(), header));
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + remembered.encodedLength());
            if (cursor.advance()) {
                oldestFirst.add(cursor);
            }
        }
        ForgottenRequestsEncoder forgotten = new ForgottenRequestsEncoder();
        everyPrincipal.stream()
                .filter(requests -> requests.hasForgotten)
                .sorted(Comparator.comparingInt(requests -> requests.principalId))
                .forEach(requests -> {
                    forgotten
                            .wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                            .principalId(requests.principalId)
                            .highestForgotten(requests.highestForgotten);
                    writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + forgotten.encodedLength());
                });
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
        } else if (header.templateId() == ForgottenRequestsDecoder.TEMPLATE_ID) {
            ForgottenRequestsDecoder forgotten =
                    new ForgottenRequestsDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
            requestsOf((int) forgotten.principalId()).forgot(forgotten.highestForgotten());
        } else {
            return false;
        }
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength());
        return true;
    }

    private PrincipalRequests requestsOf(int principalId) {
        PrincipalRequests requests = principals.get(principalId);
        if (requests == null) {
            requests = new PrincipalRequests(principalId, perPrincipal);
            principals.put(principalId, requests);
            everyPrincipal.add(requests);
        }
        return requests;
    }

    /** One principal's last requests, oldest to newest, and the highest id of those forgotten. All its room is made at once. */
    private static final class PrincipalRequests {
        static final int NONE = RecentRows.NONE;

        private static final int REQUEST_ID = 0;
        private static final int SEQUENCE = 1;
        private static final int BODY_HASH = 2;
        private static final int STRIDE = 3;

        private final int principalId;
        private final RecentRows rows;
        private boolean hasForgotten;
        private long highestForgotten;
        private long highest;

        PrincipalRequests(int principalId, int bound) {
            this.principalId = principalId;
            this.rows = RecentRows.full(bound, STRIDE);
        }

        int find(long requestId) {
            long hash = RecentRows.hash(requestId);
            int row = rows.find(hash);
            while (row != NONE && requestId(row) != requestId) {
                row = rows.findOlder(row, hash);
            }
            return row;
        }

        void add(long requestId, long sequence, long bodyHash) {
            int row = rows.add(RecentRows.hash(requestId));
            rows.set(row, REQUEST_ID, requestId);
            rows.set(row, SEQUENCE, sequence);
            rows.set(row, BODY_HASH, bodyHash);
            highest = Math.max(highest, requestId);
        }

        void forgetOldest() {
            forgot(requestId(rows.row(0)));
            rows.dropOldest();
        }

        void forgot(long requestId) {
            highestForgotten = Math.max(highestForgotten, requestId);
            highest = Math.max(highest, requestId);
            hasForgotten = true;
        }

        int size() {
            return rows.size();
        }

        /** Row of one of those remembered, oldest first from 0. */
        int row(int index) {
            return rows.row(index);
        }

        long requestId(int row) {
            return rows.cell(row, REQUEST_ID);
        }

        long sequence(int row) {
            return rows.cell(row, SEQUENCE);
        }

        long bodyHash(int row) {
            return rows.cell(row, BODY_HASH);
        }
    }

    /** Walks one principal's requests, oldest first. */
    private static final class Cursor {
        private final PrincipalRequests requests;
        private int index;

        Cursor(PrincipalRequests requests) {
            this.requests = requests;
        }

        long sequence() {
            return requests.sequence(requests.row(index));
        }

        void encode(RememberedRequestEncoder encoder) {
            int row = requests.row(index);
            encoder.clientRequestId(requests.requestId(row))
                    .sequence(requests.sequence(row))
                    .bodyHash(requests.bodyHash(row))
                    .principalId(requests.principalId);
        }

        boolean advance() {
            return ++index < requests.size();
        }
    }
}
