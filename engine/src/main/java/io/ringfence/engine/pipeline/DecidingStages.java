package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.Guardrails;
import io.ringfence.engine.bandit.PublishedGuardrails;
import io.ringfence.engine.bandit.TierBandit;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.engine.regime.RegimeEstimator;
import io.ringfence.engine.selection.Explorer;
import io.ringfence.engine.selection.KeyedDraw;
import io.ringfence.engine.selection.PublishedExploration;
import io.ringfence.engine.selection.Selection;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.EngineStateDecoder;
import io.ringfence.schemas.EngineStateEncoder;
import io.ringfence.schemas.FloorSource;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;

/** The deciding stages that ask the owner of their state and write its answer into the slot: regime, bandit, kernel, proof, selection. */
final class DecidingStages {
    private DecidingStages() {}

    /** Tells which kind of request it is and whether it is usual, then counts it. */
    static final class RegimeStage extends AskingStage {
        private final RegimeEstimator estimator;

        RegimeStage(EngineSettings settings) {
            this(new RegimeEstimator(
                    settings.valueThresholdMicros(),
                    settings.regimeWindow(),
                    settings.anomalyZ(),
                    settings.commonZ(),
                    settings.anomalyStepBps(),
                    settings.commonStepBps()));
        }

        private RegimeStage(RegimeEstimator estimator) {
            super(estimator);
            this.estimator = estimator;
        }

        @Override
        public void onEvent(DecisionEvent event) {
            Request request = event.request();
            estimator.observe(request.inputUnits(), request.valueMicros(), request.riskBps());
            event.regime(estimator.regime(), estimator.severity(), estimator.floorStepBps());
        }
    }

    /** Resolves the quality floor, writes the request as the kernel is to see it, and learns from outcomes. */
    static final class BanditStage extends AskingStage {
        private final Guardrails guardrails;
        private final TierBandit bandit;
        private final ProviderGate providers;
        private final LearningCommands commands = new LearningCommands();
        private final OutcomeLessons outcomes = new OutcomeLessons();
        private long epoch;
        private long openCircuits; // As the circuits have it; requests meet them only where one is open.

        BanditStage(EngineSettings settings) {
            this(new Guardrails(new TierBandit(settings.seed()), settings.circuitMaxAgeNs()));
        }

        private BanditStage(Guardrails guardrails) {
            super(guardrails);
            this.guardrails = guardrails;
            bandit = guardrails.bandit();
            providers = new ProviderGate(guardrails.circuits());
        }

        @Override
        public void onEvent(DecisionEvent event) {
            Policy policy = event.policy();
            if (policy != null && policy.epoch() != epoch) {
                guardrails.activate(
                        policy.adaptive(), event.sequence(), event.command().timestampNs());
                epoch = policy.epoch();
                openCircuits = guardrails.circuits().open(); // Of a state that was restored.
            }
            bandit.begin(event.command().timestampNs());
            event.choice().age(bandit.age());
            switch (event.type()) {
                case ADMISSION, ORDER -> resolve(event);
                case OUTCOME -> {
                    outcomes.teach(event, guardrails);
                    openCircuits = guardrails.circuits().open();
                    guardrails.publish();
                }
                case LEARNING -> {
                    commands.apply(event, guardrails);
                    guardrails.publish();
                    event.wrote(Engine.BANDIT);
                }
                default -> event.wrote(Engine.BANDIT);
            }
        }

        /** What is frozen and open now. Any thread. */
        PublishedGuardrails published() {
            return guardrails.published();
        }

        private void resolve(DecisionEvent event) {
            Policy policy = event.policy();
            Request request = event.request();
            UseCase useCase = policy.useCase(request.useCase());
            int askedBps;
            FloorSource source;
            if (request.hasMinimumQuality()) {
                event.choice().clear();
                askedBps = request.minimumQualityBps();
                source = FloorSource.CLIENT;
            } else {
                bandit.choose(event.sequence(), request.useCase(), event.regime(), event.choice());
                int tierFloorBps = policy.tierFloorBps(event.choice().tier());
                askedBps = useCase.recommendedFloorBps(tierFloorBps, event.floorStepBps());
                source = FloorSource.RECOMMENDED;
            }
            write(event.input(), request, event.sequence(), useCase.floorBps(askedBps));
            if (openCircuits != 0) {
                providers.narrow(event);
            }
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
    }

    /** Has the kernel decide the effective input under the policy in force. */
    static final class KernelStage extends AskingStage {
        private final Kernel kernel = new Kernel();
        private final Tally tally;

        KernelStage() {
            this(new Tally());
        }

        private KernelStage(Tally tally) {
            super(tally);
            this.tally = tally;
        }

        @Override
        public void onEvent(DecisionEvent event) {
            Policy policy = event.policy();
            tally.follow(policy);
            if (event.type().isRequest()) {
                kernel.evaluate(policy.catalog(), event.input(), event.decision());
                tally.count();
                event.wrote(Engine.KERNEL);
            }
        }
    }

    /** Seals the kernel's input and its decision with one digest each. */
    static final class ProofStage extends AskingStage {
        private final DecisionSeal seal = new DecisionSeal();
        private final Tally tally;

        ProofStage() {
            this(new Tally());
        }

        private ProofStage(Tally tally) {
            super(tally);
            this.tally = tally;
        }

        @Override
        public void onEvent(DecisionEvent event) {
            tally.follow(event.policy());
            if (event.type().isRequest()) {
                seal.input(event.input(), event.inputDigest(), 0);
                seal.decision(event.decision(), event.decisionDigest(), 0);
                tally.count();
                event.wrote(Engine.PROOF);
            }
        }
    }

    /** Settles who acts: the kernel's choice, one near it, or the client's; keeps what outcomes taught about each candidate. */
    static final class SelectionStage extends AskingStage {
        private final Explorer explorer;
        private final LearningCommands commands = new LearningCommands();

        SelectionStage(EngineSettings settings) {
            this(new Explorer(settings.seed(), settings.bounds().candidatePosteriors()));
        }

        private SelectionStage(Explorer explorer) {
            super(explorer);
            this.explorer = explorer;
        }

        /** How much of its bounds each use case has used. Any thread. */
        PublishedExploration published() {
            return explorer.published();
        }

        /** Draws by a key from here on; null: by the draws that records hold. */
        void key(KeyedDraw key) {
            explorer.key(key);
        }

        @Override
        public void onEvent(DecisionEvent event) {
            if (event.type().isRequest()) {
                choose(event);
            } else {
                commands.apply(event, explorer);
            }
            event.wrote(Engine.SELECTION);
        }

        private void choose(DecisionEvent event) {
            Policy policy = event.policy();
            Request request = event.request();
            Selection selection = event.selection();
            selection.choose(policy, event.input(), event.decision(), request.mayBeSubstituted());
            UseCase useCase = policy.useCase(request.useCase());
            if (useCase.explores() && request.mayBeSubstituted() && selection.action() != Action.REJECT) {
                explorer.begin(event.choice().age());
                explorer.explore(
                        policy,
                        useCase,
                        event.regime(),
                        event.command().timestampNs(),
                        event.input(),
                        event.inputDigest(),
                        event.decision(),
                        selection);
            }
        }
    }

    /** The state of a stage that is a pure function: the policy it last met, and how many requests it has worked on. */
    private static final class Tally implements Snapshotted {
        private final byte[] digest = new byte[32];
        private long epoch;
        private long count;

        /** Notes the policy in force; null before the first one. */
        void follow(Policy policy) {
            if (policy != null && policy.epoch() != epoch) {
                epoch = policy.epoch();
                System.arraycopy(policy.digest(), 0, digest, 0, digest.length);
            }
        }

        void count() {
            count++;
        }

        @Override
        public void writeState(StateWriter writer) {
            EngineStateEncoder state = new EngineStateEncoder();
            state.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                    .epoch(epoch)
                    .putPolicyDigest(digest, 0, 32)
                    .count(count);
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
        }

        @Override
        public void readState(StateReader reader) {
            EngineStateDecoder state = new EngineStateDecoder();
            state.wrapAndApplyHeader(reader.buffer(), reader.position(), new MessageHeaderDecoder());
            epoch = state.epoch();
            state.getPolicyDigest(digest, 0, 32);
            count = state.count();
            reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
        }
    }
}
