package io.ringfence.gateway.server;

import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import org.agrona.DirectBuffer;

/** Knows in which field a command names an earlier decision. One thread. */
final class NamedDecision {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AdmissionRequestDecoder admission = new AdmissionRequestDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();

    /** The decision that an outcome reports on or that a request retries; a request may retry none, an outcome always names one. */
    long of(CommandType type, DirectBuffer message) {
        return type == CommandType.OUTCOME
                ? outcome.wrapAndApplyHeader(message, 0, header).decisionSequence()
                : admission.wrapAndApplyHeader(message, 0, header).parentSequence();
    }

    static int fieldId(CommandType type) {
        return type == CommandType.OUTCOME
                ? OutcomeReportDecoder.decisionSequenceId()
                : AdmissionRequestDecoder.parentSequenceId();
    }
}
