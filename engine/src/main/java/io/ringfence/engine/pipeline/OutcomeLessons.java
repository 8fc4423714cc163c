package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Guardrails;
import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.Reward;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.pipeline.Verdict.Learnt;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.engine.selection.Explorer;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.ReasonCode;

/** Has tiers and candidates learn from an outcome, and forget what is left of the earlier one's lesson. One a thread. */
final class OutcomeLessons {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();

    /** Settles which outcome stands and teaches the tiers, as far as the guardrails let it; the bandit stage's part. */
    void teach(DecisionEvent event, Guardrails guardrails) {
        Command command = event.command();
        OutcomeFactsDecoder facts = command.facts();
        outcome.wrapAndApplyHeader(command.message(), 0, header);
        OutcomeLessonDecoder earlier = command.hasLesson() ? command.lesson() : null;
        int lesson = Reward.lesson(reward(event.policy(), facts.useCase()), outcome);
        ReasonCode result = guardrails.learn(event.sequence(), command.timestampNs(), facts, outcome, lesson, earlier);
        if (Guardrails.changesNothing(result)) {
            event.learning().refused(result);
        } else {
            event.learning()
                    .stands(result, lesson, earlier == null ? Lesson.NOTHING : Lesson.recorded(earlier.lesson()));
        }
        event.wrote(Engine.BANDIT);
    }

    /** Of the policy in force; that of a use case which it does not have any more is not known. */
    private static RewardRule reward(Policy policy, int useCase) {
        UseCase rules = policy == null ? null : policy.useCase(useCase);
        return rules == null ? RewardRule.NONE : rules.reward();
    }

    /** Teaches the candidate that acted what the tiers were taught, or falls back where they did; the selection stage's part. */
    static void teach(DecisionEvent event, Explorer explorer) {
        OutcomeFactsDecoder facts = event.command().facts();
        Learnt learnt = event.learnt();
        explorer.begin(event.choice().age());
        if (Lesson.isAlarm(learnt.reason())) {
            explorer.fallBack(facts.useCase(), event.sequence());
            return;
        }
        explorer.takeBack(
                facts.useCase(),
                facts.regime(),
                facts.actedCandidateId(),
                learnt.takenBack(),
                event.command().lesson().sequence(),
                event.command().lesson().learningAge());
        explorer.learn(facts.useCase(), facts.regime(), facts.actedCandidateId(), learnt.lesson(), event.sequence());
    }
}
