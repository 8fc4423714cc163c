package io.ringfence.journal;

import io.ringfence.journal.store.RollFiles.RollBytes;

/** A roll file's bytes in memory, to be damaged at will. */
record MemoryRoll(String name, byte[] bytes) implements RollBytes {
    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public int read(long position, byte[] destination, int offset, int length) {
        int count = (int) Math.max(0, Math.min(length, bytes.length - position));
        System.arraycopy(bytes, (int) Math.min(position, bytes.length), destination, offset, count);
        return count;
    }

    @Override
    public void close() {
        // Memory needs no closing.
    }
}
