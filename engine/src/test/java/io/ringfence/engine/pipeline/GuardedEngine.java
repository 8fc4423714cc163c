package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringfence.engine.bandit.PublishedGuardrails;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.CandidatePosteriorDecoder;
import io.ringfence.schemas.CircuitStateDecoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.LearningFreeze;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.OutcomeReportEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TierPosteriorDecoder;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** A whole engine with a clock that a test sets; it keeps the facts of decisions as the gateway does, and all commands. */
final class GuardedEngine {
    static final int TRADER = 11;
    static final int OPERATOR = 12;
    static final long SECOND = 1_000_000_000L;
    static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);

    private static final long QUANTITY = 100_000_000L;
    private static final long PRICE_MICROS = 25_000_000L;

    final Commands commands = new Commands();
    final DecisionEvent event = new DecisionEvent();
    final List<StampedCommand> stamped = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private final Map<Long, byte[]> facts = new HashMap<>();
    private final Map<Long, byte[]> lessons = new HashMap<>(); // The outcome that stands, by decision.
    private final Map<Long, Long> parents = new HashMap<>(); // The decision that it charges, by retry.
    private final StandingOutcome standing = new StandingOutcome();
    private final MemoryLog log = new MemoryLog();
    private final Engine engine = new Engine(SETTINGS, log, SnapshotSink.NONE);
    long nowNs = SECOND;
    long requestId;

    GuardedEngine(List<byte[]> policy) {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        activate(policy);
        apply(CommandType.PRINCIPAL, 0, commands.principal(TRADER, Role.TRADER, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(OPERATOR, Role.OPERATOR, AccountScope.ALL));
        apply(CommandType.ACCOUNT, 0, commands.account(1, AccountVerb.OPEN, 1_000_000_000_000L));
    }

    void activate(List<byte[]> policy) {
        for (int i = 0; i < policy.size(); i++) {
            apply(i < policy.size() - 1 ? CommandType.POLICY_PART : CommandType.POLICY_ACTIVATE, 0, policy.get(i));
        }
    }

    /** An order that names this floor; its decision's sequence. */
    long order(int floorBps) {
        return order(floorBps, 1, Substitution.ALLOWED);
    }

    long order(int floorBps, long candidateId, Substitution substitution) {
        byte[] order = commands.order(++requestId, 1, candidateId, Side.BUY, QUANTITY, PRICE_MICROS);
        new OrderRequestEncoder()
                .wrap(new UnsafeBuffer(order), MessageHeaderEncoder.ENCODED_LENGTH)
                .minimumQualityBps(floorBps)
                .substitution(substitution);
        apply(CommandType.ORDER, TRADER, order);
        return event.sequence();
    }

    /** A request of the trader's with a floor that it names; its decision's sequence. */
    long request(int floorBps) {
        return retry(TRADER, floorBps, AdmissionRequestEncoder.parentSequenceNullValue());
    }

    /** The same, of another principal, that retries a decision. */
    long retry(int principal, int floorBps, long parent) {
        byte[] request = commands.admission(++requestId, 1, 0, Substitution.ALLOWED, 1_000, floorBps, 0);
        new AdmissionRequestEncoder()
                .wrap(new UnsafeBuffer(request), MessageHeaderEncoder.ENCODED_LENGTH)
                .parentSequence(parent);
        apply(CommandType.ADMISSION, principal, request, facts.get(parent));
        return event.sequence();
    }

    /** Any outcome, with the stamps that a gateway puts; the final reason. */
    ReasonCode outcome(long decision, Consumer<OutcomeReportEncoder> saying) {
        byte[] outcome = commands.outcome(++requestId, decision, Disposition.APPLIED, Tristate.UNKNOWN);
        saying.accept(new OutcomeReportEncoder().wrap(new UnsafeBuffer(outcome), MessageHeaderEncoder.ENCODED_LENGTH));
        apply(CommandType.OUTCOME, TRADER, outcome, facts.get(decision), lessons.get(decision));
        return event.verdict().reason();
    }

    /** An {@code OutcomeLesson} block: what stands of a decision; null for nothing. */
    byte[] standing(long decision) {
        return lessons.get(decision);
    }

    /** An outcome of an applied decision; the final reason. */
    ReasonCode outcome(long decision, Tristate success) {
        return outcome(decision, success, OutcomeReportEncoder.qualityBpsNullValue(), 0);
    }

    ReasonCode outcome(long decision, Tristate success, int qualityBps, int revision) {
        byte[] outcome = commands.outcome(++requestId, decision, Disposition.APPLIED, success);
        new OutcomeReportEncoder()
                .wrap(new UnsafeBuffer(outcome), MessageHeaderEncoder.ENCODED_LENGTH)
                .qualityBps(qualityBps)
                .revision(revision);
        apply(CommandType.OUTCOME, TRADER, outcome, facts.get(decision), lessons.get(decision));
        return event.verdict().reason();
    }

    void apply(CommandType type, int principal, byte[] bytes) {
        apply(type, principal, bytes, null);
    }

    void apply(CommandType type, int principal, byte[] bytes, byte[] ofFacts) {
        apply(type, principal, bytes, ofFacts, null);
    }

    private void apply(CommandType type, int principal, byte[] bytes, byte[] ofFacts, byte[] lesson) {
        long decision = ofFacts == null ? 0 : new UnsafeBuffer(ofFacts).getLong(0);
        long parent = type == CommandType.OUTCOME ? parents.getOrDefault(decision, 0L) : 0;
        StampedCommand command = new StampedCommand(
                type,
                stamped.size() + 1,
                nowNs,
                principal == 0 ? 0 : 1,
                principal,
                bytes.clone(),
                ofFacts,
                lesson,
                facts.get(parent),
                lessons.get(parent));
        stamped.add(command);
        command.acceptInto(event);
        engine.apply(event);
        policies.add(event.policy());
        if (StandingOutcome.is(event)) {
            byte[] block = new byte[StandingOutcome.LENGTH];
            standing.write(event, new UnsafeBuffer(block), 0);
            lessons.put(decision, block);
        }
        if (StandingOutcome.hasParent(event)) {
            byte[] block = new byte[StandingOutcome.LENGTH];
            standing.writeParent(event, new UnsafeBuffer(block), 0);
            lessons.put(parent, block);
        }
        if (DecisionFacts.has(event)) {
            byte[] block = new byte[DecisionFacts.LENGTH];
            new DecisionFacts().write(event, new UnsafeBuffer(block), 0);
            facts.put(event.sequence(), block);
            parents.put(event.sequence(), DecisionFacts.parent(event));
        }
    }

    /** An {@code OutcomeFacts} block. */
    byte[] factsOf(long decision) {
        return facts.get(decision);
    }

    /** What the bandit stage published last. */
    PublishedGuardrails guardrails() {
        return engine.published().guardrails();
    }

    /** Bytes of the state of one stage. */
    byte[] state(int stage) {
        StateWriter writer = engine.state().of(stage);
        assertEquals(engine.state().length(stage), writer.position(), "stage=" + stage);
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    /** What was learnt of each tier and candidate, from the states of the stages. */
    Map<String, String> learnt() {
        Map<String, String> learnt = new TreeMap<>();
        read(state(Engine.BANDIT), learnt);
        read(state(Engine.SELECTION), learnt);
        return learnt;
    }

    private static void read(byte[] state, Map<String, String> learnt) {
        UnsafeBuffer buffer = new UnsafeBuffer(state);
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        int position = 0;
        while (position < state.length) {
            header.wrap(buffer, position);
            int block = header.blockLength();
            if (header.templateId() == TierPosteriorDecoder.TEMPLATE_ID) {
                TierPosteriorDecoder tier = new TierPosteriorDecoder().wrapAndApplyHeader(buffer, position, header);
                learnt.put(
                        "tier " + tier.useCase() + " " + tier.regime() + " " + tier.tier(),
                        tier.successes() + "/" + tier.failures());
            } else if (header.templateId() == CandidatePosteriorDecoder.TEMPLATE_ID) {
                CandidatePosteriorDecoder candidate =
                        new CandidatePosteriorDecoder().wrapAndApplyHeader(buffer, position, header);
                learnt.put(
                        "candidate " + candidate.useCase() + " " + candidate.regime() + " " + candidate.candidateId(),
                        candidate.successes() + "/" + candidate.failures());
            }
            position += MessageHeaderDecoder.ENCODED_LENGTH + block;
            if (header.templateId() == CircuitStateDecoder.TEMPLATE_ID) {
                position += 2 + Byte.toUnsignedInt(buffer.getByte(position + 1)) * Long.BYTES;
            }
        }
    }

    List<byte[]> records() {
        return log.records();
    }

    /** What a decoder says of a record that was changed or not; null: all is as recorded. */
    String decode(long sequence, byte[] record, DecisionEvent into) {
        byte[] sealed = Arrays.copyOf(record, record.length + 32);
        return new RecordDecoder().decode(new UnsafeBuffer(sealed), policies.get((int) sequence - 1), into);
    }

    /** A fresh engine, and one that is restored from the state at each of these commands, write the same records and end alike. */
    void requireReplayAndRestoreAlike(int... restoredBehind) {
        MemoryLog again = new MemoryLog();
        Engine fresh = new Engine(SETTINGS, again, SnapshotSink.NONE);
        DecisionEvent slot = new DecisionEvent();
        MemoryLog restoredLog = new MemoryLog();
        Engine restored = new Engine(SETTINGS, restoredLog, SnapshotSink.NONE);
        for (StampedCommand command : stamped) {
            command.acceptInto(slot);
            fresh.apply(slot);
            command.acceptInto(slot);
            restored.apply(slot);
            boolean isRestored = Arrays.stream(restoredBehind).anyMatch(at -> at == command.sequence());
            if (isRestored || command.sequence() % 97 == 0) {
                Engine next = new Engine(SETTINGS, restoredLog, SnapshotSink.NONE);
                restored.state().copyTo(next);
                restored = next;
            }
        }
        List<byte[]> records = log.records();
        assertEquals(records.size(), again.records().size());
        for (int i = 0; i < records.size(); i++) {
            assertArrayEquals(records.get(i), again.records().get(i), "record=" + (i + 1));
            assertArrayEquals(records.get(i), restoredLog.records().get(i), "restored, record=" + (i + 1));
            assertNull(decode(i + 1, records.get(i), slot), "record=" + (i + 1));
        }
        assertArrayEquals(engine.stateDigest(), fresh.stateDigest());
        assertArrayEquals(engine.stateDigest(), restored.stateDigest());
        Engine last = new Engine(SETTINGS, restoredLog, SnapshotSink.NONE);
        restored.state().copyTo(last);
        for (Engine other : List.of(fresh, restored, last)) {
            assertEquals(published(engine), published(other));
        }
    }

    private List<Long> published(Engine of) {
        PublishedGuardrails shown = of.published().guardrails();
        return List.of(
                shown.frozenBy(LearningFreeze.COMMAND),
                shown.frozenBy(LearningFreeze.DRIFT),
                shown.frozenBy(LearningFreeze.DIVERGENCE),
                shown.open(),
                shown.halfOpen(nowNs));
    }
}
