package io.ringfence.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.CloseHelper;

/** Closes the resources of an engine, newest first. For one thread at a time. */
final class OpenResources implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Adds a resource, to be closed before all that are here. */
    <T extends AutoCloseable> T add(T resource) {
        resources.push(resource);
        return resource;
    }

    /** Adds a resource to be closed after all that are here. */
    <T extends AutoCloseable> T addToOutlive(T resource) {
        resources.addLast(resource);
        return resource;
    }

    /** Closes each resource once, newest first, also when one throws. The first failure is thrown at the end. */
    @Override
    public void close() {
        AutoCloseable[] newestFirst = resources.toArray(AutoCloseable[]::new);
        resources.clear();
        CloseHelper.closeAll(newestFirst);
    }

    /** Closes after a failure. Further failures are added to it as suppressed. */
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error another) {
            failure.addSuppressed(another);
        }
    }
}
