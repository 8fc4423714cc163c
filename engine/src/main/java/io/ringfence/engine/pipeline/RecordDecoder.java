package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.TierBandit.TierChoice;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.pipeline.DecidingStages.BanditStage;
import io.ringfence.engine.pipeline.Verdict.Learnt;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.schemas.FloorSource;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSectionsDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.ControlDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.EffectiveDecoder;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.DirectBuffer;

/**
 * Reads a record back into a slot as the stages left it, without the state that they had learnt.
 *
 * <p>What the record holds is taken from it. What follows from command and policy is computed again and compared with the record: the
 * kernel's input, its numbers and digests, the selection, the verdict, and the amount that an admitted request holds. Of an account it
 * knows only what was available. One thread; allocates only where something differs.
 */
public final class RecordDecoder {
    /** Places of groups in {@code RecordSections}. */
    private static final int STAMP = 0;

    private static final int LESSON = 13;

    private final MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
    private final RecordHeaderDecoder header = new RecordHeaderDecoder();
    private final RecordSectionsDecoder sections = new RecordSectionsDecoder();
    private final OutcomeLessonDecoder lesson = new OutcomeLessonDecoder();
    private final Kernel kernel = new Kernel();
    private final DecisionSeal seal = new DecisionSeal();
    private final byte[] recomputed = new byte[Sha256.LENGTH];
    private final Differences differences = new Differences();
    private final SelectionReader selection = new SelectionReader(sections, differences);

    /**
     * Puts the record's command with its stamps into a slot, as the stages found it.
     *
     * @param record from 0, its shape checked.
     * @throws IllegalArgumentException if this build does not know the record's kind.
     */
    public void accept(DirectBuffer record, DecisionEvent event) {
        header.wrapAndApplyHeader(record, 0, messageHeader);
        CommandType type = CommandType.of(header.kind());
        if (type == null) {
            throw new IllegalArgumentException("kind must be known: kind=" + header.kindRaw());
        }
        event.accept(
                type,
                header.sequence(),
                header.timestampNs(),
                (int) header.sessionId(),
                (int) header.principalId(),
                record,
                header.limit(),
                header.commandLength());
        int sectionsOffset = header.limit() + header.commandLength();
        sections.wrap(record, sectionsOffset, RecordSectionsDecoder.BLOCK_LENGTH, messageHeader.version());
        RecordSectionsDecoder.StampDecoder stamp = sections.stamp();
        if (stamp.hasNext()) {
            int offset = sections.limit();
            stamp.next();
            event.command().stampFacts(record, offset);
        }
        if (stamp.hasNext()) {
            int offset = sections.limit();
            stamp.next();
            event.command().ofParent().stampFacts(record, offset);
        }
        if (type.isRequest()) {
            SelectionReader.noteDraw(record, sections.limit(), event);
        } else if (type == CommandType.OUTCOME) {
            noteLessons(record, sections.limit(), event);
        }
    }

    private void noteLessons(DirectBuffer record, int offset, DecisionEvent event) {
        int position = SelectionReader.hop(record, offset, STAMP, LESSON);
        int entryLength = record.getByte(position) & 0xFF;
        int count = record.getByte(position + 1) & 0xFF;
        for (int entry = 0; entry < count; entry++) {
            int begin = position + SelectionReader.GROUP_HEADER + entry * entryLength;
            lesson.wrap(record, begin, StandingOutcome.LENGTH, messageHeader.version());
            StandingOutcome.note(lesson, event);
        }
    }

    /**
     * Fills all sections of a slot from a record, and computes again what can be.
     *
     * @param record from 0, proved to be on the chain.
     * @param policy in force after it; null before the first.
     * @return null if what was computed again is what the record says; else one line that names the first difference.
     */
    public String decode(DirectBuffer record, Policy policy, DecisionEvent event) {
        differences.clear();
        accept(record, event);
        if (event.type().isRequest()) {
            event.command().read(event.type());
        }
        readIntake(event, policy);
        readRegime(event);
        boolean isRequest = readEffective(event, policy);
        readTiers(event, isRequest);
        readDecision(event, isRequest);
        readProof(event, isRequest);
        long actedBefore = selection.readSelection(event, isRequest);
        selection.readExploration(event, isRequest);
        readBudget(event);
        selection.readCandidates(event, isRequest);
        readLesson(event);
        if (isRequest) {
            selection.check(event);
        }
        event.budget().acted(actedBefore == SelectionReader.NO_SELECTION ? 0 : actedBefore);
        event.verdict().settle(event);
        event.wrote(Engine.BUDGET);
        boolean isReplaced = !isRequest && event.verdict().isAdmitted();
        differences.check(
                "the candidate of a replaced order",
                actedBefore == SelectionReader.NO_SELECTION ? 0 : 1,
                isReplaced ? 1 : 0);
        if (isRequest) {
            checkAmounts(event);
        }
        int sealOffset = sections.limit();
        event.appended(sealOffset);
        record.getBytes(sealOffset, event.command().bytes(), event.entryHashOffset(), Sha256.LENGTH);
        return differences.first();
    }

    private void readIntake(DecisionEvent event, Policy policy) {
        RecordSectionsDecoder.IntakeDecoder intake = sections.intake();
        if (!intake.hasNext()) {
            event.intake(ReasonCode.NONE, 0, policy);
            return;
        }
        intake.next();
        if (Lesson.isReason(intake.result())) {
            event.intake(ReasonCode.NONE, 0, policy);
            event.learning().refused(intake.result()); // If the outcome stands, its lesson follows and says so.
            return;
        }
        long original = intake.originalSequence();
        boolean isNone = original == RecordSectionsDecoder.IntakeDecoder.originalSequenceNullValue();
        event.intake(intake.result(), isNone ? 0 : original, policy);
    }

    private void readRegime(DecisionEvent event) {
        RecordSectionsDecoder.RegimeDecoder regime = sections.regime();
        if (regime.hasNext()) {
            regime.next();
            event.regime(regime.regime(), regime.severity(), regime.floorStepBps());
        }
    }

    /** Does the record hold a request that the kernel saw? */
    private boolean readEffective(DecisionEvent event, Policy policy) {
        EffectiveDecoder recorded = sections.effective();
        if (!recorded.hasNext()) {
            return false;
        }
        recorded.next();
        if (policy == null || !event.type().isRequest()) {
            differences.add("an effective input stands where there is no request or no policy");
            return false;
        }
        UseCase rules = policy.useCase(event.request().useCase());
        if (rules == null) {
            differences.add("use case " + event.request().useCase() + " stands, which the policy does not have");
        } else {
            event.request().fill(rules);
            checkFloor(event, rules, recorded);
        }
        readInput(event, recorded);
        event.choice().clear();
        event.choice().chosen(recorded.tier());
        event.effective(recorded.floorSource());
        return true;
    }

    /** Computes the floor again from what asked for it: the client, or the chosen tier, the use case and the regime. */
    private void checkFloor(DecisionEvent event, UseCase rules, EffectiveDecoder recorded) {
        Policy policy = event.policy();
        Request request = event.request();
        boolean isAsked = request.hasMinimumQuality();
        int tier = recorded.tier();
        if (isAsked ? tier != TierChoice.NO_TIER : tier >= policy.adaptive().tierCount()) {
            differences.add("tier " + tier + " stands, which "
                    + (isAsked ? "a stated floor leaves out" : "the policy does not have"));
            return;
        }
        int askedBps = isAsked
                ? request.minimumQualityBps()
                : rules.recommendedFloorBps(policy.tierFloorBps(tier), event.floorStepBps());
        FloorSource source = isAsked ? FloorSource.CLIENT : FloorSource.RECOMMENDED;
        differences.check("quality floor", recorded.minimumQualityBps(), rules.floorBps(askedBps));
        differences.check(
                "source of the floor",
                recorded.floorSourceRaw(),
                (rules.raises(askedBps) ? FloorSource.HARD : source).value());
    }

    /** Computes each field from request and use case. Where the record has another value, it takes that one: the kernel decided on it. */
    private void readInput(DecisionEvent event, EffectiveDecoder recorded) {
        KernelInput input = event.input();
        Request request = event.request();
        BanditStage.write(input, request, event.sequence(), recorded.minimumQualityBps());
        input.inputUnits(effective(
                "input units",
                request.isOrder(),
                recorded.inputUnits(),
                EffectiveDecoder.inputUnitsNullValue(),
                input.inputUnits()));
        input.outputUnits(effective(
                "output units",
                request.isOrder() || !request.hasOutputUnits(),
                recorded.outputUnits(),
                EffectiveDecoder.outputUnitsNullValue(),
                input.outputUnits()));
        input.businessValueMicros(effective(
                "business value",
                !request.hasValue(),
                recorded.businessValueMicros(),
                EffectiveDecoder.businessValueMicrosNullValue(),
                input.businessValueMicros()));
        input.riskBps((int) effective(
                "risk", !request.hasRisk(), recorded.riskBps(), EffectiveDecoder.riskBpsNullValue(), input.riskBps()));
        input.confidenceBps((int) effective(
                "confidence",
                !request.hasConfidence(),
                recorded.confidenceBps(),
                EffectiveDecoder.confidenceBpsNullValue(),
                input.confidenceBps()));
        input.maxP95LatencyMs(effective(
                "latency cap",
                !request.hasLatencyCap(),
                recorded.maxP95LatencyMs(),
                EffectiveDecoder.maxP95LatencyMsNullValue(),
                input.maxP95LatencyMs()));
        readProviders(recorded.allowedProviderMask(), input);
    }

    /** Open circuits may have taken providers out of the request's mask. The record shows them nowhere else, so any narrower mask is right. */
    private void readProviders(long recorded, KernelInput input) {
        long asked = input.allowedProviderMask();
        if (recorded == EffectiveDecoder.allowedProviderMaskNullValue()) {
            return;
        }
        if (recorded == asked || (recorded & ~asked) != 0) {
            differences.add("providers: recorded " + Long.toUnsignedString(recorded)
                    + ", which are not fewer than the request's " + Long.toUnsignedString(asked));
        }
        input.allowedProviderMask(recorded);
    }

    /**
     * Compares one field of the effective input.
     *
     * @param isTold must the record tell it, because the request does not say it itself?
     * @return what the kernel has seen.
     */
    private long effective(String what, boolean isTold, long recorded, long nullValue, long computed) {
        if (isTold) {
            differences.check(what, recorded, computed);
        } else if (recorded != nullValue) {
            differences.add(what + ": recorded " + recorded + ", which the request says itself: " + computed);
        }
        return recorded == nullValue ? computed : recorded;
    }

    private void readTiers(DecisionEvent event, boolean isRequest) {
        TierChoice tiers = event.choice();
        RecordSectionsDecoder.TierPosteriorDecoder posteriors = sections.tierPosterior();
        int count = posteriors.count();
        boolean isKept = isRequest && count <= Adaptive.TIERS_MAX;
        if (isKept) {
            tiers.begin(count);
        } else if (count > 0) {
            differences.add(count + " tiers stand where there is no such choice");
        }
        for (int tier = 0; tier < count; tier++) {
            posteriors.next();
            if (isKept) {
                tiers.posterior(tier, posteriors.successes(), posteriors.failures());
            }
        }
        RecordSectionsDecoder.TierDrawDecoder draws = sections.tierDraw();
        int sampledCount = draws.count();
        if (sampledCount > count) {
            differences.add(sampledCount + " draws stand beside " + count + " tiers");
        }
        for (int tier = 0; tier < sampledCount; tier++) {
            draws.next();
            if (isKept && tier < count) {
                tiers.drawn(tier, draws.draw());
            }
        }
    }

    private void readDecision(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.DecisionDecoder recorded = sections.decision();
        boolean isPresent = recorded.hasNext();
        differences.check("a kernel decision", isPresent ? 1 : 0, isRequest ? 1 : 0);
        if (isPresent) {
            recorded.next();
        }
        if (!isRequest) {
            return;
        }
        KernelDecision decision = event.decision();
        kernel.evaluate(event.policy().catalog(), event.input(), decision);
        event.wrote(Engine.KERNEL);
        if (isPresent) {
            differences.check(
                    "kernel action", recorded.actionRaw(), decision.action().value());
            differences.check(
                    "kernel reason", recorded.reasonRaw(), decision.reason().value());
            differences.check("selected candidate", recorded.selectedCandidateId(), decision.selectedId());
        }
    }

    /** The slot gets the digest that is recorded. */
    private void readProof(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.ProofDecoder recorded = sections.proof();
        boolean isPresent = recorded.hasNext();
        if (isPresent) {
            recorded.next();
            recorded.getDecisionDigest(event.decisionDigest(), 0, Sha256.LENGTH);
        }
        if (!isRequest) {
            differences.check("a decision digest", isPresent ? 1 : 0, 0);
            return;
        }
        if (!isPresent) {
            Arrays.fill(event.decisionDigest(), (byte) 0);
        }
        seal.input(event.input(), event.inputDigest(), 0);
        seal.decision(event.decision(), recomputed, 0);
        event.wrote(Engine.PROOF);
        if (!Arrays.equals(event.decisionDigest(), recomputed)) {
            differences.add(
                    "decision digest: recorded " + hex(event.decisionDigest()) + ", computed " + hex(recomputed));
        }
    }

    private void readBudget(DecisionEvent event) {
        RecordSectionsDecoder.BudgetDecoder recorded = sections.budget();
        boolean isPresent = recorded.hasNext();
        event.budget().clear();
        if (isPresent) {
            recorded.next();
            event.budget()
                    .recorded(
                            recorded.result(),
                            recorded.holdStands() == Tristate.YES ? event.holdInQuestion() : 0,
                            recorded.heldMicros(),
                            recorded.remainingMicros(),
                            recorded.controls());
            event.booked();
        }
        ControlDecoder control = sections.control();
        if (control.hasNext()) {
            control.next();
            event.budget()
                    .recordedFailure()
                    .set(control.accountId(), control.limit(), control.observed(), control.asked(), control.headroom());
        }
    }

    /** Checks the amount held, or the one that a failed control saw: both follow from the request's terms and the acting candidate. */
    private void checkAmounts(DecisionEvent event) {
        Request request = event.request();
        BudgetResult budget = event.budget();
        long askedMicros = Math.max(
                request.exposureMicros(),
                request.notionalMicros() + event.selection().costMicros());
        if (event.verdict().isAdmitted()) {
            differences.check("amount held", budget.heldMicros(), askedMicros);
        } else if (event.isBooked() && budget.isControlFailed()) {
            switch (budget.reason()) {
                case ORDER_QUANTITY_LIMIT ->
                    differences.check("quantity asked for", budget.failure().asked(), request.quantity());
                case ORDER_VALUE_LIMIT ->
                    differences.check("value asked for", budget.failure().asked(), request.notionalMicros());
                case AMOUNT_OVERFLOW -> {} // Either of two amounts may have overflowed; the record does not say which.
                default ->
                    differences.check("amount asked for", budget.failure().asked(), askedMicros);
            }
        }
    }

    /** Reads what an outcome that stands taught, and of a retry what it charged. A record of any other command must hold no lesson. */
    private void readLesson(DecisionEvent event) {
        RecordSectionsDecoder.LessonDecoder recorded = sections.lesson();
        if (event.type() != CommandType.OUTCOME) {
            differences.check("lessons", recorded.count(), 0);
            while (recorded.hasNext()) {
                recorded.next();
            }
            return;
        }
        Learnt learnt = event.learning();
        learnt.begin(null);
        long age = 0;
        boolean isStanding = false;
        int taught = Lesson.NOTHING;
        while (recorded.hasNext()) {
            recorded.next();
            if (recorded.sequence() == event.sequence()) {
                age = recorded.learningAge();
                boolean isOwn =
                        recorded.decisionSequence() == event.command().facts().sequence();
                if (isOwn) {
                    isStanding = true;
                    taught = Lesson.recorded(recorded.lesson());
                    learnt.charge().read(recorded.charge());
                    learnt.charged().read(recorded.charged());
                } else {
                    learnt.ofParent().recorded(Lesson.recorded(recorded.lesson()));
                    learnt.ofParent().charge().read(recorded.charge());
                }
            }
        }
        learnt.recorded(taught, isStanding);
        event.choice().age(age);
        event.wrote(Engine.BANDIT);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
