package io.ringfence.engine.recent;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/**
 * Keeps the rows added last, up to a bound, and finds them by a hash of their key. A new row replaces the oldest when full.
 *
 * <p>A row is a fixed number of longs that its owner writes; its key is among them. The rows of a bucket form a chain from the
 * newest to older rows. A link that does not lead to an older row was left by a replaced row and ends the chain, so rows are
 * never unlinked. Each head and link holds a row number and, above it, as many bits of the hash as fit, so that most rows of
 * other keys are skipped without reading them. Grows by doubling up to its bound and allocates nothing after that. One thread.
 */
public final class RecentRows {
    /** No such row. */
    public static final int NONE = -1;

    private static final int SMALLEST_CAPACITY = 1024;
    private static final int BLOCK_MASK = 15;
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;
    private static final long MIX = 0xBF58_476D_1CE4_E5B9L;

    private final int bound;
    private final int stride;
    private final IntToLongFunction hashes;
    private long[] cells;
    private int[] links;
    private int[] heads; // Bits of the hash above row + 1; 0 is an empty chain. The same in links.
    private int capacity;
    private int next;
    private int size;

    /**
     * Starts small and grows as rows are added.
     *
     * @param bound  most rows kept; 1 to 2^29.
     * @param stride longs of a row.
     * @param hashes gives the hash under which a row was added, from its cells.
     */
    public RecentRows(int bound, int stride, IntToLongFunction hashes) {
        this(bound, stride, hashes, SMALLEST_CAPACITY);
    }

    private RecentRows(int bound, int stride, IntToLongFunction hashes, int capacity) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound must be positive: bound=" + bound);
        }
        this.bound = bound;
        this.stride = stride;
        this.hashes = hashes;
        allocate(Math.min(bound, capacity));
    }

    /**
     * Allocates the room for all rows at once and writes to each page of it, so that adding a row never meets new memory.
     *
     * @param bound  most rows kept; 1 to 2^29.
     * @param stride longs of a row.
     */
    public static RecentRows full(int bound, int stride) {
        RecentRows rows = new RecentRows(bound, stride, row -> 0, bound); // Never grows, so no hash is asked for.
        Arrays.fill(rows.cells, 0); // Java zeroes fresh memory lazily where the operating system does.
        Arrays.fill(rows.links, 0);
        Arrays.fill(rows.heads, 0);
        return rows;
    }

    /** Hash of an id that grows. Ids that follow one another get neighbouring buckets; 16 of them share a cache line. */
    public static long hash(long id) {
        long block = (id >>> 4) * GOLDEN_RATIO;
        return (block ^ block >>> 32) & ~BLOCK_MASK | id & BLOCK_MASK;
    }

    /**
     * Hash of a key of two ids that grow, together or one within the other. 16 by 16 keys share a block of buckets. Blocks are
     * mixed in full, because a sum of two multiples would crowd some buckets where the ids grow together.
     */
    public static long hash(long firstId, long secondId) {
        long block = (firstId >>> 4) * MIX;
        block = (block ^ block >>> 32) + (secondId >>> 4);
        block = (block ^ block >>> 29) * GOLDEN_RATIO;
        block ^= block >>> 32 ^ secondId << 60; // Keys that share a place in the block still differ in their marks.
        return block & ~BLOCK_MASK | firstId + secondId & BLOCK_MASK;
    }

    /** The newest row that was added under this hash, or {@link #NONE}. It may have another key: the caller compares keys. */
    public int find(long hash) {
        return firstOf(heads[bucket(hash)], 0, hash);
    }

    /** The next older row that was added under this hash, or {@link #NONE}. It may have another key. */
    public int findOlder(int row, long hash) {
        return firstOf(links[row], age(row) + 1, hash);
    }

    private int firstOf(int first, int leastAge, long hash) {
        int link = first;
        int least = leastAge;
        while (link != 0) {
            int row = (link & mask()) - 1;
            int age = age(row);
            if (age < least || age >= size) {
                return NONE;
            }
            if (((link ^ mark(hash)) & ~mask()) == 0) {
                return row;
            }
            link = links[row];
            least = age + 1;
        }
        return NONE;
    }

    /** How many rows were added after this one; at least {@link #size} if the row is no longer kept. */
    private int age(int row) {
        int age = next - 1 - row;
        return age < 0 ? age + capacity : age;
    }

    /** Adds a row, in place of the oldest when full. The caller must write all its cells. Returns the row. */
    public int add(long hash) {
        if (size == capacity && capacity < bound) {
            grow();
        }
        int row = next;
        next = row + 1 == capacity ? 0 : row + 1;
        size = Math.min(capacity, size + 1);
        link(row, hash);
        return row;
    }

    private void link(int row, long hash) {
        int bucket = bucket(hash);
        links[row] = heads[bucket];
        heads[bucket] = mark(hash) & ~mask() | row + 1;
    }

    private int bucket(long hash) {
        return (int) hash & mask();
    }

    /** Mask of bucket numbers, and of row numbers in heads and links: there are more heads than rows. */
    private int mask() {
        return heads.length - 1;
    }

    private static int mark(long hash) {
        return (int) (hash >>> 32);
    }

    /** Drops the oldest row. At least one must be kept. */
    public void dropOldest() {
        size--;
    }

    /** The kept row of this index; 0 is the oldest, {@code size() - 1} the newest. */
    public int row(int index) {
        int row = next - size + index;
        return row < 0 ? row + capacity : row;
    }

    /** How many rows are kept. */
    public int size() {
        return size;
    }

    /** A cell of a kept row. */
    public long cell(int row, int field) {
        return cells[row * stride + field];
    }

    /** Writes a cell of a row. */
    public void set(int row, int field, long value) {
        cells[row * stride + field] = value;
    }

    /** Drops all rows. */
    public void clear() {
        Arrays.fill(heads, 0);
        next = 0;
        size = 0;
    }

    /** Doubles the room. Only when full. The oldest row becomes row 0. */
    private void grow() {
        long[] old = cells;
        int oldest = row(0);
        allocate((int) Math.min(bound, capacity * 2L));
        int newer = old.length - oldest * stride;
        System.arraycopy(old, oldest * stride, cells, 0, newer);
        System.arraycopy(old, 0, cells, newer, old.length - newer);
        next = size;
        for (int row = 0; row < size; row++) {
            link(row, hashes.applyAsLong(row));
        }
    }

    private void allocate(int newCapacity) {
        capacity = newCapacity;
        cells = new long[Math.multiplyExact(newCapacity, stride)];
        links = new int[newCapacity];
        heads = new int[Integer.highestOneBit(newCapacity) << 1];
    }
}
