package io.ringfence.journal.read;

import io.ringfence.journal.fault.JournalException.Fault;
import io.ringfence.journal.record.RecordView;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads a journal as {@link JournalReader} does, with a thread of its own that reads and proves records ahead of the caller.
 *
 * <p>One thread calls it and closes it. Reading ends at the last record or at the first {@link #fault()}. The thread
 * {@code ringfence-read-ahead} waits without a period when four batches are full.
 */
public final class ReadAhead implements AutoCloseable {
    private static final int BATCHES = 4;
    private static final Batch CLOSED = new Batch(0, 0);

    private final JournalReader reader;
    private final BlockingQueue<Batch> filled = new ArrayBlockingQueue<>(BATCHES); // Room for all batches.
    private final BlockingQueue<Batch> empty = new ArrayBlockingQueue<>(BATCHES + 1);
    private final RecordView record = new RecordView();
    private final Thread thread;
    private Batch batch;
    private int next;

    /** Copies of consecutive records, and the failure behind them if there was one. */
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

        /** Copies as many records as fit, one at least. Keeps what the reader throws for the caller of {@code next}. */
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
     * Starts reading.
     *
     * @param reader           before its first record; from now on only this object uses and closes it.
     * @param batchLength      length of a batch in bytes; {@link RecordView#MAX_LENGTH} and above.
     * @param recordsPerBatch  greatest number of records in a batch; 1 and above.
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
     * Starts reading.
     *
     * @param reader before its first record; from now on only this object uses and closes it.
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
            throw new IllegalStateException("the read-ahead thread must not be interrupted", e);
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

    /** The record that {@link #next} moved to; valid until the next call. */
    public RecordView record() {
        return record;
    }

    /** After {@link #next} returned false: the first fault; null if there was none. */
    public Fault fault() {
        return reader.fault();
    }

    /** Ends the thread and closes the reader, also before the end of the journal. */
    @Override
    public void close() {
        empty.clear();
        empty.add(CLOSED);
        awaitEnd(thread);
        reader.close();
    }

    /** Waits until a thread has ended, also when interrupted. The interrupt is kept. */
    static void awaitEnd(Thread ending) {
        boolean isInterrupted = false;
        while (ending.isAlive()) {
            try {
                ending.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
