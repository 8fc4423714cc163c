package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Guardrails;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.selection.Explorer;
import io.ringfence.schemas.LearningCommandDecoder;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.ReasonCode;
import org.agrona.DirectBuffer;

/** Applies to what a stage has learnt the commands that freeze, thaw, name and reset it, and alarms. One a stage; allocates nothing. */
final class LearningCommands {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LearningCommandDecoder command = new LearningCommandDecoder();

    /** NONE, or why the policy in force does not let it: for intake. */
    ReasonCode check(DirectBuffer message, Policy policy) {
        command.wrapAndApplyHeader(message, 0, header);
        if (policy == null) {
            return ReasonCode.NO_POLICY;
        }
        if (isOfOne() && policy.useCase(command.useCase()) == null) {
            return ReasonCode.USE_CASE_UNKNOWN;
        }
        boolean hasTier = command.tier() != LearningCommandDecoder.tierNullValue();
        return hasTier && command.tier() >= policy.adaptive().tierCount()
                ? ReasonCode.FIELD_OUT_OF_RANGE
                : ReasonCode.NONE;
    }

    /** Applies one that intake passed to the tiers. */
    void apply(DecisionEvent event, Guardrails guardrails) {
        command.wrapAndApplyHeader(event.command().message(), 0, header);
        for (int useCase = first(); useCase < end(); useCase++) {
            switch (command.verb()) {
                case FREEZE -> guardrails.freeze(useCase, event.sequence());
                case THAW -> guardrails.thaw(useCase);
                case NAME -> guardrails.name(useCase, event.sequence());
                case RESET -> {
                    if (command.tier() != LearningCommandDecoder.tierNullValue()) {
                        guardrails.reset(useCase, command.regime(), command.tier(), event.sequence());
                    }
                }
                default -> {} // None that the gateway lets through.
            }
        }
    }

    /** Lets candidates learn from an outcome as the tiers did, falls back where it raised an alarm, or applies a command. */
    void apply(DecisionEvent event, Explorer explorer) {
        if (event.type() == CommandType.LEARNING) {
            command(event, explorer);
            return;
        }
        OutcomeLessons.teach(event, explorer);
    }

    private void command(DecisionEvent event, Explorer explorer) {
        command.wrapAndApplyHeader(event.command().message(), 0, header);
        if (command.verb() == LearningVerb.NAME) {
            explorer.name(first(), end());
        } else if (command.verb() == LearningVerb.RESET
                && command.candidateId() != LearningCommandDecoder.candidateIdNullValue()) {
            explorer.reset(command.useCase(), command.regime(), command.candidateId(), event.sequence());
        }
    }

    private boolean isOfOne() {
        return command.useCase() != LearningCommandDecoder.useCaseNullValue();
    }

    private int first() {
        return isOfOne() ? command.useCase() : 0;
    }

    private int end() {
        return isOfOne() ? command.useCase() + 1 : Adaptive.USE_CASES_MAX;
    }
}
