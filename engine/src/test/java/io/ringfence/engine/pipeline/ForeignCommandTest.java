package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.Verdict.DecisionFacts;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.FactCommandEncoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SettleKind;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not a principal's is refused with its own reason, and moves no money, no statistic and no belief. */
class ForeignCommandTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int OWNER = 11;
    private static final int STRANGER = 12;
    private static final int NARROW_OPERATOR = 13;
    private static final long OWN_ACCOUNT = 1;
    private static final long STRANGERS_ACCOUNT = 2;
    private static final long UNKNOWN_ACCOUNT = 9;
    private static final long QUANTITY = 100_000_000L;
    private static final long PRICE_MICROS = 25_000_000L;

    private final Commands commands = new Commands();
    private final Engine engine = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
    private final DecisionEvent event = new DecisionEvent();
    private long requestId;

    @BeforeEach
    void beginJournal() {
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        List<byte[]> policy = commands.policy(1);
        for (byte[] part : policy.subList(0, 4)) {
            apply(CommandType.POLICY_PART, 0, part);
        }
        apply(CommandType.POLICY_ACTIVATE, 0, policy.get(4));
        apply(CommandType.ACCOUNT, 0, commands.account(OWN_ACCOUNT, AccountVerb.OPEN, 1_000_000_000L));
        apply(CommandType.ACCOUNT, 0, commands.account(STRANGERS_ACCOUNT, AccountVerb.OPEN, 1_000_000_000L));
        permit(OWNER, Role.TRADER, OWN_ACCOUNT);
        permit(STRANGER, Role.TRADER, STRANGERS_ACCOUNT);
        permit(NARROW_OPERATOR, Role.OPERATOR, STRANGERS_ACCOUNT);
    }

    @Test
    void shouldServeEachOnItsOwnAccount() {
        assertTrue(event(CommandType.ORDER, OWNER, order(OWN_ACCOUNT)).verdict().isAdmitted());
        assertTrue(event(CommandType.ORDER, STRANGER, order(STRANGERS_ACCOUNT))
                .verdict()
                .isAdmitted());
    }

    @Test
    void shouldRefuseRequestsOnAnotherAccountBeforeAnythingLearns() {
        assertForeign(ReasonCode.ACCOUNT_NOT_PERMITTED, CommandType.ORDER, order(OWN_ACCOUNT));
        assertForeign(ReasonCode.ACCOUNT_NOT_PERMITTED, CommandType.ADMISSION, admission(OWN_ACCOUNT));
        assertForeign(ReasonCode.ACCOUNT_UNKNOWN, CommandType.ORDER, order(UNKNOWN_ACCOUNT));
    }

    @Test
    void shouldRefuseAForeignRequestBeforeItSaysThatTheAccountIsClosed() {
        apply(CommandType.ACCOUNT, 0, commands.account(OWN_ACCOUNT, AccountVerb.CLOSE, 0));

        assertForeign(ReasonCode.ACCOUNT_NOT_PERMITTED, CommandType.ORDER, order(OWN_ACCOUNT));
    }

    @Test
    void shouldGiveANewBeginningOnlyAsOneWhoMayActOnAllAccounts() {
        byte[] order = order(OWN_ACCOUNT);
        long first = admitted(CommandType.ORDER, order);

        ReasonCode narrow =
                apply(CommandType.PRINCIPAL_RESTART, NARROW_OPERATOR, commands.principalRestart(++requestId, OWNER));
        event(CommandType.ORDER, OWNER, order);
        assertEquals(ReasonCode.ACCOUNT_NOT_PERMITTED, narrow);
        assertEquals(first, event.originalSequence());

        apply(CommandType.PRINCIPAL, 0, commands.principal(NARROW_OPERATOR, Role.OPERATOR, AccountScope.ALL));
        ReasonCode wide =
                apply(CommandType.PRINCIPAL_RESTART, NARROW_OPERATOR, commands.principalRestart(++requestId, OWNER));
        event(CommandType.ORDER, OWNER, order);
        assertEquals(ReasonCode.APPLIED, wide);
        assertFalse(event.isDuplicate());
    }

    @Test
    void shouldRefuseReportsOnAnotherHoldAndBookNothing() {
        long order = admitted(CommandType.ORDER, order(OWN_ACCOUNT));
        long hold = admitted(CommandType.ADMISSION, admission(OWN_ACCOUNT));

        assertForeign(ReasonCode.HOLD_NOT_PERMITTED, CommandType.CANCEL, commands.cancel(++requestId, order));
        assertForeign(
                ReasonCode.HOLD_NOT_PERMITTED,
                CommandType.REPLACE,
                commands.replace(++requestId, order, 2 * QUANTITY, PRICE_MICROS));
        assertForeign(ReasonCode.HOLD_NOT_PERMITTED, CommandType.EXECUTION, fill(order, 1, QUANTITY, 0));
        assertForeign(
                ReasonCode.HOLD_NOT_PERMITTED,
                CommandType.SETTLE,
                commands.settle(++requestId, hold, SettleKind.COMMIT_FINAL, 5));
    }

    @Test
    void shouldSayNothingOfAForeignHold() {
        long order = admitted(CommandType.ORDER, order(OWN_ACCOUNT));

        event(CommandType.CANCEL, STRANGER, commands.cancel(++requestId, order));

        assertEquals(0, event.budget().balance().accountId());
        assertEquals(0, event.budget().balance().availableMicros());
        assertEquals(0, event.budget().heldMicros());
        assertEquals(Verdict.NO_HOLD, event.verdict().holdId());
    }

    @Test
    void shouldRefuseReportsOnAnotherOrderThatHasEnded() {
        long order = admitted(CommandType.ORDER, order(OWN_ACCOUNT));
        assertEquals(ReasonCode.APPLIED, apply(CommandType.EXECUTION, OWNER, fill(order, 1, QUANTITY, 0)));

        assertForeign(ReasonCode.HOLD_NOT_PERMITTED, CommandType.EXECUTION, fill(order, 2, QUANTITY, 0));
        assertForeign(
                ReasonCode.HOLD_NOT_PERMITTED,
                CommandType.EXECUTION,
                commands.execution(++requestId, order, 3, ExecutionKind.BUST, 0, 0, 0, 1));
        assertEquals(
                ReasonCode.APPLIED,
                apply(
                        CommandType.EXECUTION,
                        OWNER,
                        commands.execution(++requestId, order, 3, ExecutionKind.BUST, 0, 0, 0, 1)));
    }

    @Test
    void shouldSayOfAHoldThatNobodyHasThatItIsUnknown() {
        assertForeign(ReasonCode.HOLD_UNKNOWN, CommandType.CANCEL, commands.cancel(++requestId, 4_711));
        assertForeign(
                ReasonCode.HOLD_UNKNOWN,
                CommandType.SETTLE,
                commands.settle(++requestId, 4_711, SettleKind.RELEASE, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {OWN_ACCOUNT, UNKNOWN_ACCOUNT})
    void shouldKeepNoFactOfAnUnknownHoldThatNamesAnAccountWithoutRights(long account) {
        Commands.Named named = new Commands.Named(account, 0, Side.BUY);
        byte[] fill = commands.execution(
                ++requestId,
                1,
                1,
                ExecutionKind.FILL,
                QUANTITY,
                PRICE_MICROS,
                0,
                ExecutionEncoder.referenceExecutionIdNullValue(),
                named);

        assertForeign(ReasonCode.HOLD_NOT_PERMITTED, CommandType.EXECUTION, fill);
        assertForeign(
                ReasonCode.HOLD_NOT_PERMITTED,
                CommandType.SETTLE,
                commands.settle(++requestId, 1, account, SettleKind.COMMIT_FINAL, 5));
    }

    @Test
    void shouldLetThoseOnlySettleFactsWhoMayActOnTheirAccountAndOnAllForFactsOfNone() {
        apply(CommandType.EXECUTION, OWNER, fill(4_711, 1, QUANTITY, 0));
        long ofNobody = event.sequence();
        long nobody = FactCommandEncoder.accountIdNullValue();
        assertEquals(ReasonCode.FACT_OUTSTANDING, event.verdict().reason());

        assertEquals(
                ReasonCode.ROLE_NOT_PERMITTED,
                apply(CommandType.FACT, OWNER, commands.fact(++requestId, FactVerb.DROP, OWN_ACCOUNT, ofNobody, 0)));
        assertEquals(
                ReasonCode.ACCOUNT_NOT_PERMITTED,
                apply(
                        CommandType.FACT,
                        NARROW_OPERATOR,
                        commands.fact(++requestId, FactVerb.DROP, OWN_ACCOUNT, ofNobody, 0)));
        assertEquals(
                ReasonCode.ACCOUNT_NOT_PERMITTED,
                apply(
                        CommandType.FACT,
                        NARROW_OPERATOR,
                        commands.fact(++requestId, FactVerb.DROP, nobody, ofNobody, 0)));
        assertEquals(
                ReasonCode.FACT_UNKNOWN,
                apply(
                        CommandType.FACT,
                        NARROW_OPERATOR,
                        commands.fact(++requestId, FactVerb.BOOK, STRANGERS_ACCOUNT, ofNobody, 5)));
        assertEquals(
                ReasonCode.APPLIED,
                apply(CommandType.FACT, 0, commands.fact(0, FactVerb.BOOK, STRANGERS_ACCOUNT, ofNobody, 5)));
    }

    @Test
    void shouldLearnNothingFromAForeignOutcome() {
        admitted(CommandType.ADMISSION, admission(OWN_ACCOUNT));
        byte[] facts = factsOfLast();
        long decision = event.sequence();
        byte[] outcome = commands.outcome(++requestId, decision, Disposition.APPLIED, Tristate.YES);

        assertForeign(ReasonCode.DECISION_NOT_PERMITTED, CommandType.OUTCOME, outcome, facts);
        List<byte[]> before = learntStates();
        outcome = commands.outcome(++requestId, decision, Disposition.APPLIED, Tristate.YES);
        assertEquals(ReasonCode.APPLIED, apply(CommandType.OUTCOME, OWNER, outcome, facts));
        assertFalse(Arrays.deepEquals(before.toArray(), learntStates().toArray()), "the owner's teaches");
    }

    @Test
    void shouldRefuseARetryOfAForeignDecisionAndOneThatIsNotStamped() {
        admitted(CommandType.ADMISSION, admission(OWN_ACCOUNT));
        long decision = event.sequence();
        byte[] facts = factsOfLast();

        assertForeign(
                ReasonCode.DECISION_NOT_PERMITTED, CommandType.ADMISSION, retry(STRANGERS_ACCOUNT, decision), facts);
        assertForeign(ReasonCode.DECISION_NOT_PERMITTED, CommandType.ADMISSION, retry(STRANGERS_ACCOUNT, decision));
        assertTrue(event(CommandType.ADMISSION, OWNER, retry(OWN_ACCOUNT, decision), facts)
                .verdict()
                .isAdmitted());
    }

    @Test
    void shouldLetANarrowOperatorCommandItsAccountsOnly() {
        assertEquals(
                ReasonCode.ACCOUNT_NOT_PERMITTED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(OWN_ACCOUNT, AccountVerb.TOP_UP, 5)));
        assertEquals(
                ReasonCode.ACCOUNT_NOT_PERMITTED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(OWN_ACCOUNT, AccountVerb.OPEN, 5)));
        assertEquals(
                ReasonCode.ACCOUNT_NOT_PERMITTED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(UNKNOWN_ACCOUNT, AccountVerb.OPEN, 5)));
        assertEquals(
                ReasonCode.ACCOUNT_UNKNOWN,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(UNKNOWN_ACCOUNT, AccountVerb.TOP_UP, 5)));
        assertEquals(
                ReasonCode.APPLIED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(STRANGERS_ACCOUNT, AccountVerb.TOP_UP, 5)));
        apply(CommandType.RIGHT, 0, commands.right(NARROW_OPERATOR, UNKNOWN_ACCOUNT, RightVerb.GIVE));
        assertEquals(
                ReasonCode.APPLIED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(UNKNOWN_ACCOUNT, AccountVerb.OPEN, 5)));
        assertEquals(
                ReasonCode.APPLIED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(UNKNOWN_ACCOUNT, AccountVerb.TOP_UP, 5)));
    }

    @Test
    void shouldRefuseWhatTheRoleMayNotSend() {
        apply(CommandType.PRINCIPAL, 0, commands.principal(STRANGER, Role.REPORTER, AccountScope.LISTED));
        assertForeign(ReasonCode.ROLE_NOT_PERMITTED, CommandType.ORDER, order(STRANGERS_ACCOUNT));

        apply(CommandType.PRINCIPAL, 0, commands.principal(STRANGER, Role.NONE, AccountScope.LISTED));
        assertForeign(ReasonCode.ROLE_NOT_PERMITTED, CommandType.EXECUTION, fill(4_711, 1, QUANTITY, 0));

        assertEquals(ReasonCode.ROLE_NOT_PERMITTED, apply(CommandType.ORDER, 99, order(OWN_ACCOUNT)), "nobody");
    }

    @Test
    void shouldFollowEachChangeOfRightsFromTheNextCommandOn() {
        long order = admitted(CommandType.ORDER, order(OWN_ACCOUNT));

        apply(CommandType.RIGHT, 0, commands.right(STRANGER, OWN_ACCOUNT, RightVerb.GIVE));
        assertEquals(ReasonCode.APPLIED, apply(CommandType.CANCEL, STRANGER, commands.cancel(++requestId, order)));
        assertTrue(
                event(CommandType.ORDER, STRANGER, order(OWN_ACCOUNT)).verdict().isAdmitted());
        apply(CommandType.RIGHT, 0, commands.right(STRANGER, OWN_ACCOUNT, RightVerb.TAKE));
        assertForeign(ReasonCode.ACCOUNT_NOT_PERMITTED, CommandType.ORDER, order(OWN_ACCOUNT));
        assertForeign(ReasonCode.HOLD_NOT_PERMITTED, CommandType.CANCEL, commands.cancel(++requestId, order));
        apply(CommandType.PRINCIPAL, 0, commands.principal(STRANGER, Role.TRADER, AccountScope.ALL));
        apply(CommandType.ACCOUNT, 0, commands.account(UNKNOWN_ACCOUNT, AccountVerb.OPEN, 1_000_000_000L));
        assertTrue(
                event(CommandType.ORDER, STRANGER, order(UNKNOWN_ACCOUNT))
                        .verdict()
                        .isAdmitted(),
                "a later account");
    }

    @Test
    void shouldCountTheAccountsBelowAListedOneAndNoneBesideOrAboveIt() {
        long firm = 20;
        long desk = 21;
        long book = 22;
        long sibling = 23;
        apply(CommandType.ACCOUNT, 0, commands.account(firm, AccountVerb.OPEN, 1_000_000_000L));
        apply(CommandType.ACCOUNT, 0, commands.openBelow(desk, firm, "", 1_000_000_000L));
        apply(CommandType.RIGHT, 0, commands.right(STRANGER, desk, RightVerb.GIVE));
        apply(CommandType.RIGHT, 0, commands.right(OWNER, firm, RightVerb.GIVE));
        apply(CommandType.ACCOUNT, 0, commands.openBelow(book, desk, "", 1_000_000_000L));
        apply(CommandType.ACCOUNT, 0, commands.openBelow(sibling, firm, "", 1_000_000_000L));
        long ofBook = admitted(CommandType.ORDER, order(book));
        long ofSibling = admitted(CommandType.ORDER, order(sibling));

        assertTrue(event(CommandType.ORDER, STRANGER, order(book)).verdict().isAdmitted());
        assertEquals(ReasonCode.APPLIED, apply(CommandType.EXECUTION, STRANGER, fill(ofBook, 1, QUANTITY, 0)));
        assertForeign(ReasonCode.ACCOUNT_NOT_PERMITTED, CommandType.ORDER, order(sibling));
        assertForeign(ReasonCode.ACCOUNT_NOT_PERMITTED, CommandType.ORDER, order(firm));
        assertForeign(ReasonCode.HOLD_NOT_PERMITTED, CommandType.EXECUTION, fill(ofSibling, 1, QUANTITY, 0));
    }

    @Test
    void shouldLetAnAccountBeOpenedBelowAnotherByThoseOnlyWhoMayActOnThatOne() {
        apply(CommandType.RIGHT, 0, commands.right(NARROW_OPERATOR, UNKNOWN_ACCOUNT, RightVerb.GIVE));

        assertEquals(
                ReasonCode.ACCOUNT_NOT_PERMITTED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, below(UNKNOWN_ACCOUNT, OWN_ACCOUNT)));
        assertEquals(ReasonCode.APPLIED, apply(CommandType.ACCOUNT, NARROW_OPERATOR, below(30, STRANGERS_ACCOUNT)));
        assertEquals(
                ReasonCode.APPLIED,
                apply(CommandType.ACCOUNT, NARROW_OPERATOR, account(30, AccountVerb.TOP_UP, 5)),
                "its subtree");
    }

    @Test
    void shouldLetNoClientCommandRights() {
        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE,
                apply(CommandType.RIGHT, 0, commands.right(99, OWN_ACCOUNT, RightVerb.GIVE)));

        assertFalse(CommandType.PRINCIPAL.isOfClient());
        assertFalse(CommandType.RIGHT.isOfClient());
    }

    private void assertForeign(ReasonCode reason, CommandType type, byte[] command) {
        assertForeign(reason, type, command, null);
    }

    private void assertForeign(ReasonCode reason, CommandType type, byte[] command, byte[] facts) {
        List<byte[]> before = learntStates();

        assertEquals(reason, apply(type, STRANGER, command, facts));

        assertFalse(event.verdict().isAdmitted());
        List<byte[]> after = learntStates();
        for (int i = 0; i < before.size(); i++) {
            assertArrayEquals(before.get(i), after.get(i), type + " moved stage " + (i + 1));
        }
    }

    /** The states of all stages but intake, which remembers the request id, and journal. */
    private List<byte[]> learntStates() {
        List<byte[]> states = new ArrayList<>();
        for (int stage = Engine.REGIME; stage <= Engine.BUDGET; stage++) {
            StateWriter writer = engine.state().of(stage);
            states.add(Arrays.copyOf(writer.byteArray(), writer.position()));
        }
        return states;
    }

    private void permit(int principalId, Role role, long accountId) {
        apply(CommandType.PRINCIPAL, 0, commands.principal(principalId, role, AccountScope.LISTED));
        apply(CommandType.RIGHT, 0, commands.right(principalId, accountId, RightVerb.GIVE));
    }

    private byte[] order(long accountId) {
        return commands.order(++requestId, accountId, 1, Side.BUY, QUANTITY, PRICE_MICROS);
    }

    private byte[] admission(long accountId) {
        return commands.admission(++requestId, accountId, 1, Substitution.ALLOWED, 500);
    }

    private byte[] retry(long accountId, long decision) {
        byte[] bytes = admission(accountId);
        new AdmissionRequestEncoder()
                .wrap(new UnsafeBuffer(bytes), MessageHeaderEncoder.ENCODED_LENGTH)
                .parentSequence(decision);
        return bytes;
    }

    private byte[] fill(long order, long executionId, long quantity, long leaves) {
        return commands.execution(++requestId, order, executionId, ExecutionKind.FILL, quantity, PRICE_MICROS, leaves);
    }

    private byte[] account(long accountId, AccountVerb verb, long amountMicros) {
        return numbered(commands.account(accountId, verb, amountMicros));
    }

    private byte[] below(long accountId, long parentId) {
        return numbered(commands.openBelow(accountId, parentId, "", 5));
    }

    private byte[] numbered(byte[] bytes) {
        new UnsafeBuffer(bytes).putLong(CommandType.REQUEST_ID_OFFSET, ++requestId, java.nio.ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    private byte[] factsOfLast() {
        byte[] facts = new byte[DecisionFacts.LENGTH];
        new DecisionFacts().write(event, new UnsafeBuffer(facts), 0);
        return facts;
    }

    private long admitted(CommandType type, byte[] command) {
        assertTrue(event(type, OWNER, command).verdict().isAdmitted());
        return event.sequence();
    }

    private DecisionEvent event(CommandType type, int principalId, byte[] command) {
        return event(type, principalId, command, null);
    }

    private DecisionEvent event(CommandType type, int principalId, byte[] command, byte[] facts) {
        long sequence = engine.lastSequence() + 1;
        new StampedCommand(type, sequence, sequence, principalId, principalId, command, facts).acceptInto(event);
        engine.apply(event);
        return event;
    }

    private ReasonCode apply(CommandType type, int principalId, byte[] command) {
        return apply(type, principalId, command, null);
    }

    private ReasonCode apply(CommandType type, int principalId, byte[] command, byte[] facts) {
        return event(type, principalId, command, facts).verdict().reason();
    }
}
