package io.ringfence.engine.pipeline;

/** Takes events whose record is appended, in sequence order. Called by the claiming thread. */
@FunctionalInterface
public interface ReplyHandler {
    /** The event is the handler's until it returns; its slot is reused after that. */
    void onAppended(DecisionEvent event);
}
