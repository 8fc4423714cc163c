package io.ringfence.engine.pipeline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.Sequence;

/** Runs some stages on a Disruptor thread; on a failure reports how far it came before it rethrows. */
final class StageHandler implements EventHandler<DecisionEvent> {
    private final StageRunner[] runners;
    private Sequence progress;

    StageHandler(StageRunner[] runners) {
        this.runners = runners;
    }

    @Override
    public void onEvent(DecisionEvent event, long cursor, boolean isEndOfBatch) {
        try {
            for (StageRunner runner : runners) {
                runner.onEvent(event);
            }
        } catch (Throwable t) {
            progress.set(cursor - 1); // Events before this one are done: the next stage may have them.
            throw t;
        }
    }

    @Override
    public void setSequenceCallback(Sequence sequenceCallback) {
        progress = sequenceCallback;
    }
}
