package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.policy.RewardRule;
import io.ringfence.engine.selection.KeyedDraw;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.OutcomeFactsEncoder;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("alone")
@Tag("unit")
class PipelineAllocationTest {
    private static final int PRINCIPAL = 11;
    private static final long UNIT = 100_000_000;
    /** Until the JIT compiler has got to it, parts of the JDK itself allocate; a window without any shows that we do not. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(200);

    private static final int CYCLES_PER_WINDOW = 200;
    /** Small memories, so that they are full, and so at their bounds, when the measuring begins. */
    private static final EngineSettings SETTINGS =
            new EngineSettings(1, 1_000_000L, 64, 400, 100, 250, 100, 256, 100_000_000L, false, new byte[32]);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Commands commands = new Commands();
    private final List<StampedCommand> stamped = new ArrayList<>();
    private final UnsafeBuffer view =
            new UnsafeBuffer(0, 0); // One buffer a command would be the test's own 240 bytes a cycle.
    private long sequence;

    @Test
    void shouldAllocateNothingPerDecisionOnceWarm() {
        Engine engine =
                new Engine(SETTINGS, (sequence, bytes, offset, length) -> bytes[offset + length]++, SnapshotSink.NONE);
        engine.explorationKey(new KeyedDraw(new byte[KeyedDraw.KEY_LENGTH_MIN]));
        DecisionEvent event = new DecisionEvent();
        open();
        long allocated = Long.MAX_VALUE;
        long admitted = 0;
        long drawn = 0;
        long startNs = System.nanoTime();

        for (int window = 0; allocated > 0 && System.nanoTime() - startNs < PATIENCE_NS; window++) {
            prepareWindow(window);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < stamped.size(); i++) {
                stamped.get(i).acceptInto(event, view);
                engine.apply(event);
                drawn += event.isDecided()
                                && event.selection().hasNear()
                                && event.selection().explored().isExplored()
                        ? 1
                        : 0;
                admitted += event.type() == CommandType.ORDER && event.verdict().isAdmitted() ? 1 : 0;
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            stamped.clear();
        }

        assertEquals(sequence, engine.lastSequence());
        assertTrue(admitted >= CYCLES_PER_WINDOW, "orders must be admitted: admitted=" + admitted);
        assertTrue(drawn > 10, "other candidates must be drawn: drawn=" + drawn);
        assertEquals(0, allocated, "bytes allocated in the last window of commands");
    }

    private void open() {
        add(CommandType.SETTINGS, 0, SETTINGS.encode(), null);
        List<byte[]> policy = commands.policy(1, new RewardRule(1, 0, 0, 1, 0, 0, 0, 5_000));
        for (int i = 0; i < policy.size(); i++) {
            add(i == policy.size() - 1 ? CommandType.POLICY_ACTIVATE : CommandType.POLICY_PART, 0, policy.get(i), null);
        }
        add(CommandType.ACCOUNT, 0, commands.account(1, AccountVerb.OPEN, Long.MAX_VALUE / 2), null);
        add(CommandType.PRINCIPAL, 0, commands.principal(PRINCIPAL, Role.TRADER, AccountScope.LISTED), null);
        add(CommandType.RIGHT, 0, commands.right(PRINCIPAL, 1, RightVerb.GIVE), null);
    }

    /** Orders filled in two parts, a model call, and an outcome of it: all that clients send most. */
    private void prepareWindow(int window) {
        for (int i = 0; i < CYCLES_PER_WINDOW; i++) {
            long id = 5L * (window * CYCLES_PER_WINDOW + i) + 1;
            long order = add(
                    CommandType.ORDER,
                    PRINCIPAL,
                    commands.order(id, 1, Commands.HIGH_ID, Side.BUY, 100 * UNIT, 25_000_000L + i),
                    null);
            add(
                    CommandType.EXECUTION,
                    PRINCIPAL,
                    commands.execution(id + 1, order, 1, ExecutionKind.FILL, 40 * UNIT, 25_000_000L, 60 * UNIT),
                    null);
            add(
                    CommandType.EXECUTION,
                    PRINCIPAL,
                    commands.execution(id + 2, order, 2, ExecutionKind.FILL, 60 * UNIT, 25_000_000L, 0),
                    null);
            long admission = add(
                    CommandType.ADMISSION,
                    PRINCIPAL,
                    commands.admission(id + 3, 1, Commands.HIGH_ID, Substitution.ALLOWED, 0, 65_535, 1),
                    null);
            byte[] facts = new byte[DecisionFacts.LENGTH];
            new OutcomeFactsEncoder()
                    .wrap(new UnsafeBuffer(facts), 0)
                    .sequence(admission)
                    .accountId(1)
                    .actedCandidateId(1)
                    .useCase((short) 1)
                    .regime((short) 2)
                    .tier((short) 1)
                    .providerId((short) 0)
                    .isAdmitted(Tristate.YES);
            byte[] retried = facts.clone(); // Charged by the outcome.
            new OutcomeFactsEncoder().wrap(new UnsafeBuffer(retried), 0).sequence(order);
            add(
                    CommandType.OUTCOME,
                    PRINCIPAL,
                    commands.outcome(id + 4, admission, Disposition.APPLIED, Tristate.YES),
                    facts,
                    retried);
        }
    }

    private long add(CommandType type, int principal, byte[] bytes, byte[] facts) {
        return add(type, principal, bytes, facts, null);
    }

    private long add(CommandType type, int principal, byte[] bytes, byte[] facts, byte[] parentFacts) {
        sequence++;
        stamped.add(new StampedCommand(
                type, sequence, sequence * 1_000, 1, principal, bytes, facts, null, parentFacts, null));
        return sequence;
    }
}
