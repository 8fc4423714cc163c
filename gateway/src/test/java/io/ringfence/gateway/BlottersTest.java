package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.budget.Blotter;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plays every blotter through a running gateway, each on an account of its own, stopped and started again half way. */
@Tag("system")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class BlottersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path CONF = Path.of(System.getProperty("ringfence.root", ".."), "conf");
    private static final long UNIT = 100_000_000;
    private static final long MICROS = 1_000_000;
    private static final long NO_QUANTITY = ExecutionEncoder.orderQuantityNullValue();
    private static final long UNKNOWN_HOLD = 1L << 40;

    @TempDir
    Path directory;

    /** A blotter in play: the sequences of its orders and of the replaces of the first. */
    private static final class Desk {
        private final Blotter blotter;
        private final long accountId;
        private final long[] holds = {UNKNOWN_HOLD, UNKNOWN_HOLD};
        private final Map<Integer, Long> replaces = new HashMap<>();
        private int played;

        Desk(Blotter blotter, long accountId) {
            this.blotter = blotter;
            this.accountId = accountId;
        }
    }

    @Test
    void shouldStandAsEveryBlotterSaysThroughTheGatewayAndARestart() throws Exception {
        List<Blotter> blotters = Blotter.all();
        List<Desk> desks = IntStream.range(0, blotters.size())
                .mapToObj(i -> new Desk(blotters.get(i), i + 1))
                .toList();
        ServerConfig config = config(desks);

        for (int half = 1; half <= 2; half++) {
            try (Ringfence ringfence = Ringfence.start(config);
                    RingfenceClient client =
                            RingfenceClient.connect(ClientSettings.of(Path.of(ringfence.aeronDirectory()), 1001, 1)
                                    .withTimeout(PATIENCE));
                    CountersView counters =
                            CountersView.open(directory.resolve("data").resolve(CountersFile.NAME))) {
                for (Desk desk : desks) {
                    int end = half == 1
                            ? desk.blotter.steps().size() / 2
                            : desk.blotter.steps().size();
                    while (desk.played < end) {
                        play(desk, desk.blotter.steps().get(desk.played++), client, counters);
                    }
                }
            }
        }

        Replay.Report replayed = Replay.run(directory.resolve("data"));
        assertTrue(replayed.isOk(), replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    private static void play(Desk desk, Blotter.Step step, RingfenceClient client, CountersView counters)
            throws InterruptedException {
        String where = desk.blotter + ", step " + step.text();
        write(desk, step, client);
        Answer answer = client.ask(PATIENCE);
        boolean isAsked = step.verb() == Blotter.Verb.ORDER || step.verb() == Blotter.Verb.REPLACE;
        assertEquals(isAsked && step.expected().reason() == ReasonCode.NONE, answer.isAdmitted(), where);
        if (step.verb() == Blotter.Verb.ORDER && answer.isAdmitted()) {
            desk.holds[step.order()] = answer.decision().sequence();
        } else if (step.verb() == Blotter.Verb.REPLACE) {
            desk.replaces.put(desk.replaces.size() + 1, answer.decision().sequence());
        }
        boolean isPlain = answer.isAdmitted() || answer.reason() == ReasonCode.APPLIED;
        ReasonCode reason = isPlain ? ReasonCode.NONE : answer.reason();

        Blotter.Expected seen = standing(desk.accountId, reason, counters);
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!seen.equals(step.expected()) && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(1);
            seen = standing(desk.accountId, reason, counters);
        }
        assertEquals(step.expected(), seen, where);
    }

    private static void write(Desk desk, Blotter.Step step, RingfenceClient client) {
        long holdId = desk.holds[step.order()];
        switch (step.verb()) {
            case ORDER ->
                client.order()
                        .accountId(desk.accountId)
                        .useCase((short) 10)
                        .requestedCandidateId(1)
                        .substitution(Substitution.NEVER)
                        .side(step.side())
                        .orderType(OrderType.LIMIT)
                        .timeInForce(TimeInForce.DAY)
                        .quantity(step.quantity() * UNIT)
                        .limitPriceMicros(step.price() * MICROS)
                        .externalId("B-" + desk.accountId + '-' + step.order());
            case REPLACE ->
                client.replace()
                        .holdId(holdId)
                        .orderQuantity(step.quantity() * UNIT)
                        .limitPriceMicros(step.price() * MICROS);
            case CANCEL -> client.cancel().holdId(holdId);
            case REPORT -> {
                long terms = step.terms() == 0
                        ? holdId
                        : desk.replaces.getOrDefault(step.terms(), ExecutionEncoder.termsSequenceNullValue());
                client.execution()
                        .holdId(holdId)
                        .executionId(step.execution())
                        .referenceExecutionId(step.about())
                        .termsSequence(terms)
                        .kind(step.kind())
                        .quantity(step.quantity() * UNIT)
                        .priceMicros(step.price() * MICROS)
                        .feeMicros(step.fee() * MICROS)
                        .orderQuantity(inUnits(step.total()))
                        .cumulativeQuantity(inUnits(step.cumulative()))
                        .leavesQuantity(step.leaves() * UNIT);
            }
        }
    }

    private static long inUnits(long quantity) {
        return quantity == NO_QUANTITY ? quantity : quantity * UNIT;
    }

    private static Blotter.Expected standing(long accountId, ReasonCode reason, CountersView counters) {
        Map<AccountFigure, Long> account = counters.accounts().getOrDefault(accountId, Map.of());
        Map<PositionFigure, Long> position =
                counters.positions().getOrDefault(accountId, Map.of()).getOrDefault(0L, Map.of());
        return new Blotter.Expected(
                account.getOrDefault(AccountFigure.RESERVED_MICROS, -1L) / MICROS,
                (position.getOrDefault(PositionFigure.OPEN_BUYS, 0L)
                                + position.getOrDefault(PositionFigure.OPEN_SELLS, 0L))
                        / UNIT,
                position.getOrDefault(PositionFigure.POSITION, 0L) / UNIT,
                account.getOrDefault(AccountFigure.COMMITTED_MICROS, -1L) / MICROS,
                account.getOrDefault(AccountFigure.OVERDRAWN_MICROS, -1L) / MICROS,
                reason);
    }

    private ServerConfig config(List<Desk> desks) throws IOException {
        List<String> accounts = new ArrayList<>(List.of("accounts:"));
        for (Desk desk : desks) {
            accounts.add("  - {id: " + desk.accountId + ", name: desk-" + desk.accountId + ", granted: "
                    + desk.blotter.granted() + "}");
        }
        Path accountsFile = Files.write(directory.resolve("accounts.yaml"), accounts);
        Path policy = CONF.resolve("policies/admit-all.yaml").toAbsolutePath();
        String text = "data_dir: " + directory.resolve("data") + "\nmode: compact\ndurability: memory\nring_size: 256\n"
                + "wait_strategy: sleeping\npolicy: " + policy + "\naccounts: " + accountsFile
                + "\naeron:\n  directory: " + directory.resolve("aeron") + "\ndisk:\n  headroom: 1MiB\n"
                + "principals:\n  - {id: 1, name: demo, role: trader}\n";
        return ServerConfig.read(Files.writeString(directory.resolve("ringfence.yaml"), text));
    }
}
