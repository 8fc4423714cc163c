package io.ringfence.journal;

import io.ringfence.schemas.Durability;

/**
 * Settings of a journal's writer.
 *
 * @param durability    {@code MEMORY}: answers wait for the append; {@code DISK}: for the sync.
 * @param segmentLength length at which a roll file is full, in bytes, 256 KiB to 512 MiB. The next file is made
 *                      while one is written, so a journal takes the room of two at once.
 * @param requiredBytes free room that the disk must have when the journal is opened, in bytes; two roll files at least.
 */
public record JournalOptions(Durability durability, long segmentLength, long requiredBytes) {
    private static final long MEBIBYTE = 1024 * 1024;

    /** Default settings: roll files of 64 MiB with {@code DISK}, 128 MiB with {@code MEMORY}. */
    public static JournalOptions of(Durability durability) {
        return new JournalOptions(durability, durability == Durability.DISK ? 64 * MEBIBYTE : 128 * MEBIBYTE, 0);
    }

    /** A copy with another length of roll files, in bytes. */
    public JournalOptions withSegmentLength(long bytes) {
        return new JournalOptions(durability, bytes, requiredBytes);
    }

    /** A copy with another demand on free room, in bytes. */
    public JournalOptions withRequiredBytes(long bytes) {
        return new JournalOptions(durability, segmentLength, bytes);
    }
}
