package io.ringfence.gateway;

/** A start was given up, because its process had been asked to end. */
public final class StartStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartStoppedException() {
        super("asked to end during the start");
    }
}
