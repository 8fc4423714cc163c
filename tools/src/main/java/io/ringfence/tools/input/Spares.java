package io.ringfence.tools.input;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Keeps used objects to be used again; makes a new one only when none is left. For one thread.
 *
 * @param <T> what is kept.
 */
public final class Spares<T> {
    private final ArrayDeque<T> spares = new ArrayDeque<>();
    private final Supplier<T> maker;

    /** Begins empty. */
    public Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    /** A kept object, with its old contents, or a new one. */
    public T take() {
        T last = spares.pollLast();
        return last == null ? maker.get() : last;
    }

    /** Takes one back; the caller must not use it any more. */
    public void give(T done) {
        spares.addLast(done);
    }
}
