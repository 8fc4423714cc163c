package io.ringfence.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.CloseHelper;

/** What has been opened so far, to be let go in reverse order. For one thread at a time. */
final class OpenParts implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Takes a part over. */
    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Takes over a part that is to outlive all others so far. */
    <T extends AutoCloseable> T addToOutlive(T part) {
        parts.addLast(part);
        return part;
    }

    /** Lets every part go once, newest first, whatever another one throws; the first failure is thrown at the end. */
    @Override
    public void close() {
        AutoCloseable[] newestFirst = parts.toArray(AutoCloseable[]::new);
        parts.clear();
        CloseHelper.closeAll(newestFirst);
    }

    /** The same after a failure, which keeps what else fails as suppressed. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error another) {
            failure.addSuppressed(another);
        }
    }
}
