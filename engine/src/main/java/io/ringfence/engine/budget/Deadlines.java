package io.ringfence.engine.budget;

import java.util.Arrays;

/** Sorts the holds that have a deadline: earliest deadline first, then lowest id. A binary heap of rows of {@link Holds}. */
final class Deadlines {
    private final Holds holds;
    private int[] heap = new int[16];
    private int size;

    Deadlines(Holds holds) {
        this.holds = holds;
    }

    /** Row with the earliest deadline, or {@link Holds#NONE}. */
    int first() {
        return size == 0 ? Holds.NONE : heap[0];
    }

    void add(int row) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size + size / 4); // By a quarter: a hold may take 64 bytes in all.
        }
        riseFrom(size++, row);
    }

    void remove(int row) {
        int position = holds.heapPosition(row);
        int last = heap[--size];
        if (last != row) {
            sinkFrom(position, last);
            if (heap[position] == last) {
                riseFrom(position, last);
            }
        }
    }

    void clear() {
        size = 0;
    }

    long lengthBytes() {
        return (long) heap.length * Integer.BYTES;
    }

    private void riseFrom(int start, int row) {
        int position = start;
        while (position > 0 && isBefore(row, heap[(position - 1) / 2])) {
            place(position, heap[(position - 1) / 2]);
            position = (position - 1) / 2;
        }
        place(position, row);
    }

    private void sinkFrom(int start, int row) {
        int position = start;
        for (int child = 2 * position + 1; child < size; child = 2 * position + 1) {
            if (child + 1 < size && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], row)) {
                break;
            }
            place(position, heap[child]);
            position = child;
        }
        place(position, row);
    }

    private void place(int position, int row) {
        heap[position] = row;
        holds.heapPosition(row, position);
    }

    private boolean isBefore(int row, int other) {
        int byDeadline = Long.compare(holds.deadlineNs(row), holds.deadlineNs(other));
        return byDeadline == 0 ? Long.compareUnsigned(holds.id(row), holds.id(other)) < 0 : byDeadline < 0;
    }
}
