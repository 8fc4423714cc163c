package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine that gets a tick in each interval, beside one that gets only those that the stages ask for. */
@Tag("model")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class FewTicksTest {
    private static final int COMMANDS = 3_000;
    private static final int PRINCIPAL = 1;
    private static final long ACCOUNT = 3;
    private static final long MS = 1_000_000;
    private static final long INTERVAL_NS = 100 * MS;
    private static final long HORIZON_NS = 4_000 * MS;
    private static final EngineSettings SETTINGS = new EngineSettings(
            7,
            1_000_000L,
            64,
            400,
            100,
            250,
            100,
            4_096,
            INTERVAL_NS,
            false,
            true,
            Bounds.WIDEST.withFacts(new FactBounds(32, HORIZON_NS)),
            new byte[32]);

    private final Commands commands = new Commands();
    private final MemoryLog manyRecords = new MemoryLog();
    private final MemoryLog fewRecords = new MemoryLog();
    private final Engine many = new Engine(SETTINGS, manyRecords, SnapshotSink.NONE);
    private final Engine few = new Engine(SETTINGS, fewRecords, SnapshotSink.NONE);
    private final DecisionEvent event = new DecisionEvent();
    private final List<Long> skipped = new ArrayList<>();
    private final List<Long> holds = new ArrayList<>();
    private long nowNs = 1_000_000_000L;
    private long sequence;
    private long tickedNs;
    private long requestId;
    private int given;
    private int refused;
    private int expired;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldDecideAlikeWithManyTicksAndWithFew(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        begin();

        while (sequence < COMMANDS) {
            nowNs += random.nextLong(random.nextInt(8) == 0 ? 600 * MS : 30 * MS);
            tick();
            next(random);
        }
        nowNs += 2 * HORIZON_NS;
        tick();

        List<byte[]> expected = manyRecords.records();
        List<byte[]> actual = fewRecords.records();
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            if (!skipped.contains(i + 1L)) {
                assertArrayEquals(expected.get(i), actual.get(i), "seed=" + seed + ", sequence=" + (i + 1));
            }
        }
        for (int stage = Engine.INTAKE; stage < Engine.JOURNAL; stage++) { // Its state is the hash of the last record.
            assertArrayEquals(state(many, stage), state(few, stage), Engine.STAGE_NAMES.get(stage));
        }
        assertTrue(skipped.size() > 50, "ticks that had no work: " + skipped.size());
        assertTrue(given > 100, "ticks that had work: " + given);
        assertTrue(expired > 50 && refused > 50, "expired=" + expired + ", refused=" + refused);
    }

    private static byte[] state(Engine engine, int stage) {
        StateWriter writer = engine.state().of(stage);
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    private void begin() {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        apply(CommandType.START, 0, commands.start(nowNs));
        List<byte[]> policy = commands.policy(1);
        policy.subList(0, policy.size() - 1).forEach(part -> apply(CommandType.POLICY_PART, 0, part));
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(policy.size() - 1));
        apply(CommandType.PRINCIPAL, 0, commands.principal(PRINCIPAL, Role.TRADER, AccountScope.ALL));
        apply(CommandType.ACCOUNT, 0, commands.account(ACCOUNT, AccountVerb.OPEN, 8_000_000L));
    }

    private void next(SplittableRandom random) {
        int draw = random.nextInt(10);
        if (draw < 6) {
            long timeToLiveNs = random.nextInt(16) == 0 ? 0 : 1 + random.nextLong(400 * MS);
            byte[] call = commands.admission(
                    ++requestId,
                    ACCOUNT,
                    1 + random.nextLong(3),
                    Substitution.ALLOWED,
                    random.nextLong(2_500_000),
                    65_535,
                    timeToLiveNs);
            apply(CommandType.ADMISSION, PRINCIPAL, call);
            if (event.verdict().action() == Action.REJECT) {
                refused++;
            } else if (random.nextInt(8) == 0) {
                apply(CommandType.SETTLE, PRINCIPAL, settle(sequence, SettleKind.COMMIT_FINAL, 500));
            } else {
                holds.add(sequence);
            }
        } else if (draw < 8 && !holds.isEmpty()) {
            long hold = holds.remove(random.nextInt(holds.size()));
            apply(CommandType.SETTLE, PRINCIPAL, settle(hold, SettleKind.RELEASE, 0));
        } else if (draw == 8) {
            byte[] topUp = commands.account(ACCOUNT, AccountVerb.TOP_UP, 1 + random.nextLong(50_000));
            apply(CommandType.ACCOUNT, 0, topUp);
        } else {
            byte[] order = commands.order(++requestId, ACCOUNT, 2, Side.BUY, 1_000, 1 + random.nextLong(300_000_000L));
            apply(CommandType.ORDER, PRINCIPAL, order);
            if (event.verdict().action() != Action.REJECT) {
                apply(CommandType.HOLD, 0, commands.writeOff(++requestId, sequence, "gone"));
            }
        }
    }

    private byte[] settle(long hold, SettleKind kind, long amountMicros) {
        return commands.settle(++requestId, hold, ACCOUNT, kind, amountMicros);
    }

    /** The place of a tick without work is taken by a command that changes nothing, because draws and holds go by sequences. */
    private void tick() {
        if (nowNs - tickedNs < INTERVAL_NS) {
            return;
        }
        tickedNs = nowNs;
        sequence++;
        byte[] tick = commands.tick(sequence);
        if (few.dueNs() <= nowNs) {
            accept(few, CommandType.TICK, 0, tick);
            given++;
        } else {
            accept(few, CommandType.SNAPSHOT, 0, commands.snapshotMarker(1));
            skipped.add(sequence);
        }
        accept(many, CommandType.TICK, 0, tick);
        expired += event.budget().expired();
    }

    private void apply(CommandType type, int principalId, byte[] command) {
        sequence++;
        accept(few, type, principalId, command);
        accept(many, type, principalId, command);
    }

    private void accept(Engine engine, CommandType type, int principalId, byte[] command) {
        new StampedCommand(type, sequence, nowNs, 0, principalId, command, null).acceptInto(event);
        engine.apply(event);
    }
}
