package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.FloorRule;
import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.TierBandit;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.UseCase;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.FloorSource;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;

/** Resolves the quality floor, writes the request as the kernel is to see it, and learns from outcomes. */
final class BanditStage implements Stage {
    private final TierBandit bandit;
    private final FloorRule floor = new FloorRule();
    private final RequestView request = new RequestView();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private long epoch;

    BanditStage(EngineSettings settings) {
        bandit = new TierBandit(settings.seed());
    }

    @Override
    public void onEvent(DecisionEvent event) {
        follow(event.intake().policy());
        if (event.intake().isPassed() && Defaults.isRequest(event)) {
            resolve(event);
            return;
        }
        if (event.intake().isPassed() && event.command().kind() == CommandKind.OUTCOME) {
            event.effective().learnt(event.sequence(), learn(event));
            return;
        }
        event.effective().notTaken(event.sequence());
    }

    private void follow(Policy policy) {
        if (policy != null && policy.epoch() != epoch) {
            bandit.activate(policy.adaptive());
            epoch = policy.epoch();
        }
    }

    private void resolve(DecisionEvent event) {
        Policy policy = event.intake().policy();
        EffectiveSection effective = event.effective();
        request.wrap(event.command());
        UseCase useCase = policy.adaptive().useCase(request.useCase());
        if (request.hasMinimumQuality()) {
            effective.choice().clear();
            floor.resolve(useCase.hardFloorBps(), request.rawMinimumQualityBps(), FloorSource.CLIENT);
        } else {
            bandit.choose(event.sequence(), request.useCase(), event.regime().regime(), effective.choice());
            int tierFloorBps = policy.adaptive().tierFloorBps(effective.choice().tier());
            int recommendedBps = FloorRule.recommendedBps(
                    useCase.recommendedFloorBps(), tierFloorBps, event.regime().floorStepBps());
            floor.resolve(useCase.hardFloorBps(), recommendedBps, FloorSource.RECOMMENDED);
        }
        fill(effective.input(), useCase, event.sequence());
        effective.resolved(event.sequence(), floor.source());
    }

    private void fill(KernelInput input, UseCase useCase, long sequence) {
        input.requestSequence(sequence);
        request.copyPlainFields(input);
        input.outputUnits(Defaults.outputUnits(request, useCase.defaults()));
        input.businessValueMicros(Defaults.valueMicros(request, useCase.defaults()));
        input.riskBps(Defaults.riskBps(request, useCase.defaults()));
        input.confidenceBps(Defaults.confidenceBps(request, useCase.defaults()));
        input.maxP95LatencyMs(Defaults.maxP95LatencyMs(request, useCase.defaults()));
        input.minimumQualityBps(floor.floorBps());
    }

    /** Returns the lesson that was taken, if one was. */
    private int learn(DecisionEvent event) {
        OutcomeFacts facts = event.stamp().facts();
        outcome.wrapAndApplyHeader(event.command().buffer(), 0, header);
        int lesson = Lesson.of(outcome.disposition(), outcome.success(), outcome.qualityBps());
        boolean isTaken = bandit.learn(
                facts.decisionSequence(), outcome.revision(), facts.useCase(), facts.regime(), facts.tier(), lesson);
        return isTaken ? lesson : Lesson.NOTHING;
    }

    @Override
    public void writeState(StateWriter writer) {
        bandit.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        bandit.readState(reader);
    }
}
