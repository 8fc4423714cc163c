package io.ringfence.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.LogonRefusedException;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.server.TestGateway.Options;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.HoldVerb;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Tristate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What each role may send, and what happens to what is another's, through real sessions. */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RightsOfSessionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Path PAGE = Path.of(System.getProperty("ringfence.root", ".."), "docs/PROTOCOL.md");
    private static final Map<String, Integer> PRINCIPALS = Map.of(
            "trader", TestGateway.OTHER_CLIENT,
            "reporter", TestGateway.REPORTER,
            "risk", TestGateway.RISK,
            "operator", TestGateway.OPERATOR,
            "reader", TestGateway.READER);

    /** What messages are about: an order, and a hold that is none. */
    private record Holds(long order, long hold) {}

    /** Sends one message of a kind and gives the answer. */
    private interface Message {
        Answer send(RingfenceClient client, Holds holds) throws IOException;
    }

    private final Map<String, Message> messages = new LinkedHashMap<>();

    @TempDir
    private Path directory;

    RightsOfSessionsTest() {
        messages.put("AdmissionRequest", (client, holds) -> admission(client, TestGateway.ACCOUNT));
        messages.put("OrderRequest", (client, holds) -> order(client, TestGateway.ACCOUNT));
        messages.put("OrderCancel", (client, holds) -> {
            client.cancel().holdId(holds.order());
            return client.ask(PATIENCE);
        });
        messages.put("OrderReplace", (client, holds) -> {
            client.replace().holdId(holds.order()).orderQuantity(200_000_000).limitPriceMicros(2_000_000);
            return client.ask(PATIENCE);
        });
        messages.put("Execution", (client, holds) -> {
            client.execution()
                    .holdId(holds.order())
                    .executionId(1)
                    .kind(ExecutionKind.FILL)
                    .quantity(100_000_000)
                    .priceMicros(2_000_000)
                    .leavesQuantity(200_000_000);
            return client.ask(PATIENCE);
        });
        messages.put("Settle", (client, holds) -> {
            client.settle().holdId(holds.hold()).kind(SettleKind.COMMIT_PART).amountMicros(1);
            return client.ask(PATIENCE);
        });
        messages.put("OutcomeReport", (client, holds) -> {
            client.outcome()
                    .decisionSequence(holds.hold())
                    .disposition(Disposition.APPLIED)
                    .success(Tristate.YES);
            return client.ask(PATIENCE);
        });
        messages.put("AccountCommand", (client, holds) -> {
            client.account()
                    .accountId(TestGateway.ACCOUNT)
                    .verb(AccountVerb.TOP_UP)
                    .amountMicros(1)
                    .name("a test");
            return client.ask(PATIENCE);
        });
        messages.put("FactCommand", (client, holds) -> {
            client.fact()
                    .accountId(TestGateway.ACCOUNT)
                    .firstSequence(holds.order())
                    .lastSequence(holds.order())
                    .count(1)
                    .verb(FactVerb.DROP)
                    .justification("no such fact");
            return client.ask(PATIENCE);
        });
        messages.put("PrincipalRestart", (client, holds) -> {
            client.principalRestart().principalId(TestGateway.STRANGER).justification("ids at their end");
            return client.ask(PATIENCE);
        });
        messages.put("LearningCommand", (client, holds) -> {
            client.learning().verb(LearningVerb.NAME).justification("a test");
            return client.ask(PATIENCE);
        });
        messages.put("ClockCommand", (client, holds) -> {
            client.clock().justification("time server mended");
            return client.ask(PATIENCE);
        });
        messages.put("PolicyPiece", (client, holds) -> {
            client.policyPiece()
                    .epoch(1_000)
                    .count(1)
                    .section(PolicySection.SOURCE)
                    .putContent(new byte[0], 0, 0);
            return client.ask(PATIENCE);
        });
        messages.put("PolicyChange", (client, holds) -> {
            client.policyChange().uploadId(1).epoch(1_000).justification("new fees");
            return client.ask(PATIENCE);
        });
        messages.put("HoldCommand", (client, holds) -> {
            client.hold().holdId(holds.order()).verb(HoldVerb.WRITE_OFF).justification("desk closed");
            return client.ask(PATIENCE);
        });
        messages.put("Query", (client, holds) -> {
            client.query(1);
            return client.ask(PATIENCE);
        });
    }

    @Test
    void shouldTakeFromEachRoleWhatTheTableOfThePageSaysAndNothingElse() throws IOException {
        List<String[]> rows = tableOfThePage();
        String[] roles = Arrays.copyOfRange(rows.get(0), 1, rows.get(0).length);
        assertEquals(new TreeSet<>(PRINCIPALS.keySet()), new TreeSet<>(List.of(roles)));
        assertEquals(
                new ArrayList<>(messages.keySet()),
                rows.stream().skip(1).map(row -> row[0]).toList());
        try (TestGateway gateway = TestGateway.start(directory, Options.defaults());
                RingfenceClient owner = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
            for (int column = 1; column <= roles.length; column++) {
                String role = roles[column - 1];
                Holds holds = holds(owner);
                try (RingfenceClient client = RingfenceClient.connect(gateway.client(PRINCIPALS.get(role)))) {
                    for (String[] row : rows.subList(1, rows.size())) {
                        Answer answer = messages.get(row[0]).send(client, holds);
                        assertCell(role + " sends " + row[0], row[column], answer);
                    }
                }
            }
        }
    }

    private static void assertCell(String what, String cell, Answer answer) {
        if (cell.equals("no")) {
            assertEquals(ReasonCode.NOT_ALLOWED, answer.reason(), what);
            assertNull(answer.decision(), what + ": it takes no sequence");
        } else if (what.endsWith("Query")) {
            assertEquals("yes", cell, what);
            assertTrue(
                    answer.reason() == ReasonCode.REQUEST_ID_UNKNOWN
                            || answer.decision().isDuplicate() == Tristate.YES,
                    what + ": " + answer.reason());
        } else if (what.endsWith("PrincipalRestart")) {
            assertEquals("yes", cell, what);
            assertEquals(ReasonCode.NOTHING_TO_FORGET, answer.reason(), what + ": of one that never sent a request");
            assertNotNull(answer.decision(), what + ": it takes a sequence");
        } else {
            assertEquals("yes", cell, what);
            boolean isJudged = answer.isAdmitted()
                    || answer.isApplied()
                    || answer.reason() == ReasonCode.FACT_UNKNOWN
                    || answer.reason() == ReasonCode.POLICY_INCOMPLETE;
            assertTrue(isJudged, what + ": " + answer.reason());
        }
    }

    /** Rows of the table whose first column is the message: cells without quotes and blanks, the heads first. */
    private static List<String[]> tableOfThePage() throws IOException {
        List<String[]> rows = new ArrayList<>();
        boolean isInTable = false;
        for (String line : Files.readAllLines(PAGE)) {
            isInTable = isInTable ? line.startsWith("|") : line.startsWith("| message | trader |");
            if (isInTable && !line.startsWith("|---")) {
                rows.add(Arrays.stream(line.substring(1).split("\\|"))
                        .map(cell -> cell.replace("`", "").strip())
                        .toArray(String[]::new));
            }
        }
        return rows;
    }

    @Test
    void shouldRefuseEachMessageOnWhatIsAnothers() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, Options.defaults());
                RingfenceClient owner = RingfenceClient.connect(gateway.client(TestGateway.CLIENT));
                RingfenceClient stranger = RingfenceClient.connect(gateway.client(TestGateway.STRANGER))) {
            Holds holds = holds(owner);
            long remainingMicros = remainingMicros(owner);
            Map<String, ReasonCode> expected = Map.of(
                    "AdmissionRequest", ReasonCode.ACCOUNT_NOT_PERMITTED,
                    "OrderRequest", ReasonCode.ACCOUNT_NOT_PERMITTED,
                    "OrderCancel", ReasonCode.HOLD_NOT_PERMITTED,
                    "OrderReplace", ReasonCode.HOLD_NOT_PERMITTED,
                    "Execution", ReasonCode.HOLD_NOT_PERMITTED,
                    "Settle", ReasonCode.HOLD_NOT_PERMITTED,
                    "OutcomeReport", ReasonCode.DECISION_NOT_PERMITTED);
            for (Map.Entry<String, ReasonCode> each : expected.entrySet()) {
                Answer answer = messages.get(each.getKey()).send(stranger, holds);

                assertEquals(each.getValue(), answer.reason(), each.getKey());
                assertTrue(answer.decision().sequence() > 0, each.getKey() + ": it is journaled");
                assertEquals(0, answer.decision().remainingMicros(), each.getKey());
                assertEquals(0, answer.decision().heldMicros(), each.getKey());
                assertTrue(
                        answer.decision().action() != Action.EXECUTE
                                && answer.decision().action() != Action.SUBSTITUTE,
                        each.getKey());
            }
            assertEquals(remainingMicros, remainingMicros(owner), "no money moved");
            assertTrue(messages.get("Execution").send(owner, holds).isApplied(), "the execution id is not used up");
            assertTrue(order(stranger, TestGateway.OTHER_ACCOUNT).isAdmitted());
        }
    }

    /** The owner's figure as the answer to a request that holds nothing shows it: one that is refused by the budget. */
    private static long remainingMicros(RingfenceClient owner) throws IOException {
        owner.admission()
                .accountId(TestGateway.ACCOUNT)
                .useCase((short) 1)
                .inputUnits(1)
                .exposureMicros(Long.MAX_VALUE / 4);
        Answer answer = owner.ask(PATIENCE);
        assertEquals(ReasonCode.BUDGET_EXHAUSTED, answer.reason());
        return answer.decision().remainingMicros();
    }

    @Test
    void shouldRefuseARetryOfAnothersDecision() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, Options.defaults());
                RingfenceClient owner = RingfenceClient.connect(gateway.client(TestGateway.CLIENT));
                RingfenceClient stranger = RingfenceClient.connect(gateway.client(TestGateway.STRANGER))) {
            Holds holds = holds(owner);
            long decision = holds.hold();
            long noDecision =
                    messages.get("OrderCancel").send(owner, holds).decision().sequence();

            assertTrue(retry(owner, TestGateway.ACCOUNT, decision).isAdmitted());
            assertEquals(
                    ReasonCode.DECISION_NOT_PERMITTED,
                    retry(stranger, TestGateway.OTHER_ACCOUNT, decision).reason());
            Answer ofNone = retry(owner, TestGateway.ACCOUNT, noDecision);
            assertEquals(ReasonCode.FIELD_INVALID, ofNone.reason());
            assertEquals(noDecision, ofNone.refusal().value());
            assertEquals(
                    ReasonCode.OUTCOME_TOO_EARLY,
                    retry(owner, TestGateway.ACCOUNT, 1_000_000).reason());
        }
    }

    @Test
    void shouldNotGiveTheAnswerToAnothersRequest() throws IOException {
        try (TestGateway gateway = TestGateway.start(directory, Options.defaults());
                RingfenceClient owner = RingfenceClient.connect(gateway.client(TestGateway.CLIENT));
                RingfenceClient stranger = RingfenceClient.connect(gateway.client(TestGateway.STRANGER))) {
            long requestId = order(owner, TestGateway.ACCOUNT).clientRequestId();

            stranger.query(requestId);
            Answer none = stranger.ask(PATIENCE);
            owner.query(requestId);

            assertEquals(ReasonCode.REQUEST_ID_UNKNOWN, none.reason());
            assertNull(none.decision());
            assertEquals(Tristate.YES, owner.ask(PATIENCE).decision().isDuplicate());
        }
    }

    @Test
    void shouldFollowACommandThatChangesARoleWhileTheSessionStands() throws Exception {
        try (TestGateway gateway = TestGateway.start(directory, Options.defaults())) {
            try (RingfenceClient client = RingfenceClient.connect(gateway.client(TestGateway.CLIENT))) {
                assertTrue(order(client, TestGateway.ACCOUNT).isAdmitted());

                change(gateway, Role.REPORTER);
                assertEquals(
                        ReasonCode.NOT_ALLOWED,
                        order(client, TestGateway.ACCOUNT).reason());
                change(gateway, Role.TRADER);
                assertTrue(order(client, TestGateway.ACCOUNT).isAdmitted());
                change(gateway, Role.NONE);
                assertEquals(
                        ReasonCode.NOT_ALLOWED,
                        order(client, TestGateway.ACCOUNT).reason());
                client.query(1);
                assertEquals(ReasonCode.NOT_ALLOWED, client.ask(PATIENCE).reason());
            }
            LogonRefusedException refused = assertThrows(
                    LogonRefusedException.class,
                    () -> RingfenceClient.connect(gateway.client(TestGateway.CLIENT))
                            .close());
            assertEquals(ReasonCode.PRINCIPAL_UNKNOWN, refused.reason());
        }
    }

    private static void change(TestGateway gateway, Role role) throws Exception {
        byte[] command = TestGateway.principal(TestGateway.CLIENT, role, AccountScope.ALL);
        assertTrue(gateway.agent
                .admin()
                .submit(CommandType.PRINCIPAL, command)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .isApplied());
    }

    private static Holds holds(RingfenceClient owner) throws IOException {
        Answer order = order(owner, TestGateway.ACCOUNT);
        Answer admission = admission(owner, TestGateway.ACCOUNT);
        assertTrue(order.isAdmitted());
        assertTrue(admission.isAdmitted());
        return new Holds(order.decision().holdId(), admission.decision().holdId());
    }

    private static Answer order(RingfenceClient client, long accountId) throws IOException {
        client.order()
                .accountId(accountId)
                .useCase((short) 1)
                .side(Side.BUY)
                .orderType(OrderType.LIMIT)
                .quantity(300_000_000)
                .limitPriceMicros(2_000_000)
                .externalId("rights-" + client.nextRequestId());
        return client.ask(PATIENCE);
    }

    private static Answer admission(RingfenceClient client, long accountId) throws IOException {
        client.admission()
                .accountId(accountId)
                .useCase((short) 1)
                .inputUnits(1_000)
                .exposureMicros(500);
        return client.ask(PATIENCE);
    }

    private static Answer retry(RingfenceClient client, long accountId, long decision) throws IOException {
        client.admission()
                .accountId(accountId)
                .useCase((short) 1)
                .inputUnits(1_000)
                .exposureMicros(500)
                .parentSequence(decision);
        return client.ask(PATIENCE);
    }
}
