package io.ringfence.tools.input;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Pools objects; makes a new one only when the pool is empty. For one thread.
 *
 * @param <T> type of the objects.
 */
public final class Spares<T> {
    private final ArrayDeque<T> spares = new ArrayDeque<>();
    private final Supplier<T> maker;

    /** @param maker makes a new object. */
    public Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    /** An object of the pool, with its old contents, or a new one. */
    public T take() {
        T last = spares.pollLast();
        return last == null ? maker.get() : last;
    }

    /** Gives an object back; the caller must not use it any more. */
    public void give(T done) {
        spares.addLast(done);
    }
}
