package io.ringfence.journal;

import io.ringfence.schemas.Durability;

/**
 * How a journal is to be written.
 *
 * @param durability    what replies wait for.
 * @param segmentLength length at which a roll file is full, in bytes, 256 KiB to 512 MiB. One such file is always made ready
 *                      ahead of the one being written, so two of them is the room that a journal takes at once.
 * @param requiredBytes room that the disk must have when the journal is opened; 0: no demand
 *                      beyond two roll files.
 */
public record JournalOptions(Durability durability, long segmentLength, long requiredBytes) {
    private static final long MEBIBYTE = 1024 * 1024;

    /** What fits a durability: 64 MiB a roll file with {@code DISK}, 128 MiB with {@code MEMORY}, no demand on room. */
    public static JournalOptions of(Durability durability) {
        return new JournalOptions(durability, durability == Durability.DISK ? 64 * MEBIBYTE : 128 * MEBIBYTE, 0);
    }

    /** The same with another length of roll files. */
    public JournalOptions withSegmentLength(long bytes) {
        return new JournalOptions(durability, bytes, requiredBytes);
    }

    /** The same with another demand on room. */
    public JournalOptions withRequiredBytes(long bytes) {
        return new JournalOptions(durability, segmentLength, bytes);
    }
}
