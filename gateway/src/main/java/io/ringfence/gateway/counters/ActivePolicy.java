package io.ringfence.gateway.counters;

import io.ringfence.engine.digest.Sha256;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Which policy is in force, as the counters file tells it. Immutable.
 *
 * @param epoch    of the policy, u64 bits.
 * @param sequence of the record that put it into force while the engine served; 0: it was in force when serving began.
 * @param digest   its policy digest, 64 hexadecimal digits.
 */
public record ActivePolicy(long epoch, long sequence, String digest) {
    private static final int SEQUENCE = Long.BYTES;
    private static final int DIGEST = SEQUENCE + Long.BYTES;
    private static final long CHANGING = 0;
    private static final int LOOKS = 100;

    /** Writes one, behind its epoch: one writer, which allocates nothing. */
    static void write(AtomicBuffer file, int offset, long epoch, long sequence, byte[] digest) {
        file.putLongVolatile(offset, CHANGING);
        VarHandle.storeStoreFence();
        file.putLongVolatile(offset + SEQUENCE, sequence);
        file.putBytes(offset + DIGEST, digest, 0, Sha256.LENGTH);
        file.putLongVolatile(offset, epoch);
    }

    /** Reads a whole one; null while there is none. One that is being changed is looked at again, a few times. */
    static ActivePolicy read(AtomicBuffer file, int offset) {
        ActivePolicy policy = null;
        for (int look = 0; look < LOOKS && policy == null; look++) {
            policy = lookAt(file, offset);
        }
        return policy;
    }

    private static ActivePolicy lookAt(AtomicBuffer file, int offset) {
        long epoch = file.getLongVolatile(offset);
        long sequence = file.getLongVolatile(offset + SEQUENCE);
        byte[] digest = new byte[Sha256.LENGTH];
        file.getBytes(offset + DIGEST, digest);
        VarHandle.acquireFence();
        boolean isWhole = epoch != CHANGING
                && file.getLongVolatile(offset + SEQUENCE) == sequence
                && file.getLongVolatile(offset) == epoch;
        return isWhole ? new ActivePolicy(epoch, sequence, HexFormat.of().formatHex(digest)) : null;
    }
}
