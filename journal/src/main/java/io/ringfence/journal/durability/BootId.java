package io.ringfence.journal.durability;

import io.ringfence.schemas.WatermarkEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/**
 * Name of a run of the machine's kernel, 16 bytes; a restart of the machine gives another one.
 *
 * <p>Within one run, what a process has written is in memory even if the process was killed. Only a restart can lose pages of a file.
 */
public final class BootId {
    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /** Name of this run, in a new array; zeros if the system gives none. */
    public static byte[] current() {
        try {
            UUID id = UUID.fromString(
                    Files.readString(FILE, StandardCharsets.US_ASCII).strip());
            return ByteBuffer.allocate(WatermarkEncoder.bootIdLength())
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
        } catch (IOException | IllegalArgumentException none) {
            return unknown();
        }
    }

    /** The name of no known run: zeros. */
    static byte[] unknown() {
        return new byte[WatermarkEncoder.bootIdLength()];
    }

    /** Has the machine restarted between these two? False unless both are known. */
    static boolean isRestart(byte[] before, byte[] now) {
        return isKnown(before) && isKnown(now) && !Arrays.equals(before, now);
    }

    static boolean isKnown(byte[] bootId) {
        return !Arrays.equals(bootId, unknown());
    }
}
