package io.ringfence.tools.input;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * Keeps objects that are done with to be used again; makes one only where none is left. For one thread.
 *
 * @param <T> what is kept.
 */
public final class Spares<T> {
    private final ArrayDeque<T> spares = new ArrayDeque<>();
    private final Supplier<T> maker;

    /** None yet. */
    public Spares(Supplier<T> maker) {
        this.maker = maker;
    }

    /** One to write anew. */
    public T take() {
        T last = spares.pollLast();
        return last == null ? maker.get() : last;
    }

    /** Takes one back that nobody reads any more. */
    public void give(T done) {
        spares.addLast(done);
    }
}
