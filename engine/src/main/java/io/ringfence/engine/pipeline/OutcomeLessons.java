package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Guardrails;
import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.RetryCharge;
import io.ringfence.engine.bandit.Revision;
import io.ringfence.engine.bandit.Reward;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.Stamp;
import io.ringfence.engine.pipeline.Verdict.Learnt;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.engine.selection.Explorer;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeContentDecoder;
import io.ringfence.schemas.OutcomeContentEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.ReasonCode;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has tiers and candidates learn from an outcome, and forget what is left of the earlier one's lesson; of a retry also from what that
 * means for the decision which it retries. One a thread.
 */
final class OutcomeLessons {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private final UnsafeBuffer contentBytes = new UnsafeBuffer(new byte[OutcomeContentEncoder.ENCODED_LENGTH]);
    private final OutcomeContentEncoder writtenContent = new OutcomeContentEncoder().wrap(contentBytes, 0);
    private final OutcomeContentDecoder content = new OutcomeContentDecoder().wrap(contentBytes, 0);
    private final RetryCharge due = new RetryCharge();

    /** Settles which outcome stands and teaches the tiers, as far as the guardrails let it; the bandit stage's part. */
    void teach(DecisionEvent event, Guardrails guardrails) {
        Command command = event.command();
        OutcomeFactsDecoder facts = command.facts();
        outcome.wrapAndApplyHeader(command.message(), 0, header);
        OutcomeLessonDecoder earlier = command.hasLesson() ? command.lesson() : null;
        Learnt learnt = event.learning();
        learnt.begin(earlier);
        Revision.write(outcome, writtenContent);
        int lesson = Reward.lesson(reward(event.policy(), facts.useCase()), content, learnt.charge());
        ReasonCode result = guardrails.learn(event.sequence(), command.timestampNs(), facts, outcome, lesson, earlier);
        if (Guardrails.changesNothing(result)) {
            learnt.refused(result);
        } else {
            learnt.stands(result, lesson, earlier == null ? Lesson.NOTHING : Lesson.recorded(earlier.lesson()));
            if (command.hasParent()) {
                chargeParent(event, guardrails);
            }
        }
        event.wrote(Engine.BANDIT);
    }

    /** Of the policy in force; that of a use case which it does not have any more is not known. */
    private static RewardRule reward(Policy policy, int useCase) {
        UseCase rules = policy == null ? null : policy.useCase(useCase);
        return rules == null ? RewardRule.NONE : rules.reward();
    }

    /**
     * Has the outcome that is in {@link #content} charge the decision that its own one retries. What it has charged before is taken back.
     * Nothing is changed where the reward of that use case weighs no retry, or where it learns nothing now: then stands what stood.
     */
    private void chargeParent(DecisionEvent event, Guardrails guardrails) {
        Stamp parent = event.command().ofParent();
        int useCase = parent.facts().useCase();
        RewardRule rule = reward(event.policy(), useCase);
        if (!rule.weighsRetries() || guardrails.isFrozen(useCase)) {
            return;
        }
        OutcomeLessonDecoder earlier = parent.hasLesson() ? parent.lesson() : null;
        RetryCharge charged = event.learnt().charged();
        ParentCharge ofParent = event.learnt().ofParent();
        due.read(content);
        if (!ofParent.begin(earlier, charged, due)) {
            return;
        }
        if (earlier == null) {
            Revision.writeNotReported(writtenContent);
        }
        int lesson = Reward.lesson(rule, earlier == null ? content : earlier.content(), ofParent.charge());
        ofParent.taught(
                guardrails.teachAgain(parent.facts(), lesson, earlier),
                lesson,
                earlier == null ? Lesson.NOTHING : Lesson.recorded(earlier.lesson()));
    }

    /** Teaches the candidate that acted what the tiers were taught, or falls back where they did; the selection stage's part. */
    static void teach(DecisionEvent event, Explorer explorer) {
        Command command = event.command();
        Learnt learnt = event.learnt();
        explorer.begin(event.choice().age());
        if (Lesson.isAlarm(learnt.reason())) {
            explorer.fallBack(command.facts().useCase(), event.sequence());
        } else {
            teach(command.ofDecision(), learnt.takenBack(), learnt.lesson(), event.sequence(), explorer);
        }
        ParentCharge ofParent = learnt.ofParent();
        if (ofParent.isChanged()) {
            teach(command.ofParent(), ofParent.takenBack(), ofParent.lesson(), event.sequence(), explorer);
        }
    }

    private static void teach(Stamp decision, int takenBack, int lesson, long sequence, Explorer explorer) {
        OutcomeFactsDecoder facts = decision.facts();
        explorer.takeBack(
                facts.useCase(),
                facts.regime(),
                facts.actedCandidateId(),
                takenBack,
                decision.lesson().sequence(),
                decision.lesson().learningAge());
        explorer.learn(facts.useCase(), facts.regime(), facts.actedCandidateId(), lesson, sequence);
    }
}
