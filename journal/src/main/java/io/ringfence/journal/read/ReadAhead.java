package io.ringfence.journal.read;

import io.ringfence.journal.fault.Fault;
import io.ringfence.journal.record.RecordView;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Hands out the proved records of a journal in order, like {@link JournalReader}, which reads and proves them on a thread of
 * its own meanwhile.
 *
 * <p>For one thread, which also closes it. Reading ends at the end or at the first {@link #fault()}.
 */
public final class ReadAhead implements AutoCloseable {
    private static final int BATCHES = 4;
    private static final Batch CLOSED = new Batch(0, 0);

    private final JournalReader reader;
    private final BlockingQueue<Batch> filled = new ArrayBlockingQueue<>(BATCHES); // Room for all there are.
    private final BlockingQueue<Batch> empty = new ArrayBlockingQueue<>(BATCHES + 1);
    private final RecordView record = new RecordView();
    private final Thread thread;
    private Batch batch;
    private int next;

    /** Copies of consecutive records, and what ended the reading behind them. */
    private static final class Batch {
        private final byte[] bytes;
        private final int[] ends;
        private int count;
        private boolean isLast;
        private Throwable failure;

        Batch(int length, int records) {
            bytes = new byte[length];
            ends = new int[records];
        }

        /** Takes what fits, one record at least; whatever was thrown is the caller's to hear of. */
        void fill(JournalReader reader) {
            count = 0;
            try {
                while (hasRoom() && !isLast) {
                    isLast = !reader.next();
                    if (!isLast) {
                        add(reader.record());
                    }
                }
            } catch (RuntimeException | Error broken) {
                isLast = true;
                failure = broken;
            }
        }

        private boolean hasRoom() {
            return count < ends.length && bytes.length - begin(count) >= RecordView.MAX_LENGTH;
        }

        private void add(RecordView record) {
            int begin = begin(count);
            System.arraycopy(record.array(), record.arrayOffset(), bytes, begin, record.length());
            ends[count++] = begin + record.length();
        }

        int begin(int index) {
            return index == 0 ? 0 : ends[index - 1];
        }
    }

    /**
     * Begins to read.
     *
     * @param reader           before its first record; it belongs to this from now on.
     * @param batchLength      bytes that are handed over at once; {@link RecordView#MAX_LENGTH} and above.
     * @param recordsPerBatch  most records that are; 1 and above.
     */
    ReadAhead(JournalReader reader, int batchLength, int recordsPerBatch) {
        this.reader = reader;
        for (int i = 0; i < BATCHES; i++) {
            empty.add(new Batch(batchLength, recordsPerBatch));
        }
        thread = new Thread(this::read, "ringfence-read-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Begins to read.
     *
     * @param reader before its first record; it belongs to this from now on.
     */
    public static ReadAhead of(JournalReader reader) {
        return new ReadAhead(reader, 2 * RecordView.MAX_LENGTH, 4_096);
    }

    private void read() {
        try {
            Batch taken = empty.take();
            while (taken != CLOSED) {
                taken.fill(reader);
                filled.put(taken);
                taken = taken.isLast ? CLOSED : empty.take();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    /**
     * Moves to the next proved record; false at the end and at the first fault.
     *
     * @throws io.ringfence.journal.fault.JournalException when the disk fails.
     */
    public boolean next() {
        while (batch == null || next == batch.count) {
            if (batch != null && batch.isLast) {
                rethrow(batch.failure);
                return false;
            }
            takeBatch();
        }
        int begin = batch.begin(next);
        String shape = record.wrap(batch.bytes, begin, batch.ends[next] - begin);
        if (shape != null) {
            throw new IllegalStateException("a proved record has lost its shape: " + shape);
        }
        next++;
        return true;
    }

    private void takeBatch() {
        if (batch != null) {
            empty.add(batch);
        }
        boolean isInterrupted = false;
        batch = null;
        while (batch == null) {
            try {
                batch = filled.take();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        next = 0;
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /** The record that {@link #next} moved to; good until the next call. */
    public RecordView record() {
        return record;
    }

    /** After {@link #next} said no: what ended the reading, or null. */
    public Fault fault() {
        return reader.fault();
    }

    /** Ends the reading, wherever it is. */
    @Override
    public void close() {
        empty.clear();
        empty.add(CLOSED);
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        reader.close();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
