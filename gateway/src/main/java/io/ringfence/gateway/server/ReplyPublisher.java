package io.ringfence.gateway.server;

import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.ReplyHandler;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.schemas.Durability;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers what has been journaled: to the client, into the memory of answers and facts, onto the counters.
 *
 * <p>Everything is remembered before anything is sent, whether or not the session still stands.
 */
final class ReplyPublisher implements ReplyHandler {
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[AnswerMemory.ANSWER_LENGTH]);
    private final AnswerEncoder encoder;
    private final AnswerRecorder recorder;
    private final Sessions sessions;
    private final GatewayMemory memory;
    private final AnswerRepeater repeater;
    private final AdminPort admin;
    private final DecisionCounters counters;
    private final TurnClock clock;

    ReplyPublisher(
            Durability durability,
            Sessions sessions,
            GatewayMemory memory,
            AnswerRepeater repeater,
            AdminPort admin,
            DecisionCounters counters,
            TurnClock clock) {
        this.encoder = new AnswerEncoder(durability);
        this.recorder = new AnswerRecorder(memory, durability);
        this.sessions = sessions;
        this.memory = memory;
        this.repeater = repeater;
        this.admin = admin;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public void onEvent(DecisionEvent event) {
        switch (event.command().kind()) {
            case ADMISSION, ORDER, CANCEL, REPLACE, EXECUTION, SETTLE, OUTCOME, ACCOUNT -> {
                if (event.stamp().principalId() != 0) {
                    answer(event);
                }
            }
            case SESSION_OPENED -> welcome(event);
            case TICK -> recorder.record(event);
            default -> {}
        }
        recorder.answered(event);
        counters.count(event);
        admin.onEvent(event);
    }

    private void welcome(DecisionEvent event) {
        Session session = sessions.named(event.stamp().sessionId());
        if (session != null) {
            session.welcome(memory.requestIds().highest(session.principalId()), event.sequence(), clock.nowNs());
        }
    }

    private void answer(DecisionEvent event) {
        Session session = sessions.named(event.stamp().sessionId());
        long clientRequestId = AnswerEncoder.clientRequestId(event);
        if (event.intake().isDuplicate()) {
            if (session != null) {
                repeater.answer(session, event, clientRequestId);
            }
            return;
        }
        int offset = recorder.record(event);
        if (session == null) {
            return;
        }
        if (offset == AnswerMemory.NONE) {
            encoder.encode(event, scratch, 0);
            session.answer(scratch, 0, AnswerMemory.ANSWER_LENGTH, clock.nowNs());
        } else {
            session.answer(memory.answers().buffer(), offset, AnswerMemory.ANSWER_LENGTH, clock.nowNs());
        }
    }
}
