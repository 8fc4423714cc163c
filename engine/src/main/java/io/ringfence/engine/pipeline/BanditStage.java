package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Lesson;
import io.ringfence.engine.bandit.TierBandit;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Adaptive.UseCase;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.FloorSource;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;

/** Resolves the quality floor, writes the request as the kernel is to see it, and learns from outcomes. */
final class BanditStage implements Stage {
    private final TierBandit bandit;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private long epoch;

    BanditStage(EngineSettings settings) {
        bandit = new TierBandit(settings.seed());
    }

    @Override
    public void onEvent(DecisionEvent event) {
        Policy policy = event.policy();
        if (policy != null && policy.epoch() != epoch) {
            bandit.activate(policy.adaptive());
            epoch = policy.epoch();
        }
        switch (event.type()) {
            case ADMISSION, ORDER -> resolve(event);
            case OUTCOME -> event.learnt(learn(event));
            default -> event.learnt(Lesson.NOTHING);
        }
    }

    private void resolve(DecisionEvent event) {
        Adaptive adaptive = event.policy().adaptive();
        Request request = event.request();
        UseCase useCase = adaptive.useCase(request.useCase());
        int askedBps;
        FloorSource source;
        if (request.hasMinimumQuality()) {
            event.choice().clear();
            askedBps = request.minimumQualityBps();
            source = FloorSource.CLIENT;
        } else {
            bandit.choose(event.sequence(), request.useCase(), event.regime(), event.choice());
            int tierFloorBps = adaptive.tierFloorBps(event.choice().tier());
            askedBps = useCase.recommendedFloorBps(tierFloorBps, event.floorStepBps());
            source = FloorSource.RECOMMENDED;
        }
        write(event.input(), request, event.sequence(), useCase.floorBps(askedBps));
        event.effective(useCase.raises(askedBps) ? FloorSource.HARD : source);
    }

    /** Writes a request, filled from its use case, as the kernel is to see it. */
    static void write(KernelInput input, Request request, long sequence, int floorBps) {
        input.requestSequence(sequence);
        input.requestedCandidateId(request.requestedCandidateId());
        input.inputUnits(request.inputUnits());
        input.outputUnits(request.outputUnits());
        input.businessValueMicros(request.valueMicros());
        input.costLimitMicros(request.costLimitMicros());
        input.riskBps(request.riskBps());
        input.confidenceBps(request.confidenceBps());
        input.minimumQualityBps(floorBps);
        input.maxP95LatencyMs(request.maxP95LatencyMs());
        input.requiredCapabilities(request.requiredCapabilities());
        input.allowedProviderMask(request.allowedProviderMask());
        input.requiredRegionMask(request.requiredRegionMask());
    }

    /** The lesson that was taken, or {@link Lesson#NOTHING}. */
    private int learn(DecisionEvent event) {
        OutcomeFactsDecoder facts = event.command().facts();
        outcome.wrapAndApplyHeader(event.command().message(), 0, header);
        int lesson = Lesson.of(outcome.disposition(), outcome.success(), outcome.qualityBps());
        boolean isTaken = bandit.learn(
                facts.sequence(), outcome.revision(), facts.useCase(), facts.regime(), facts.tier(), lesson);
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
