package io.ringfence.engine.command;

import static io.ringfence.engine.command.Stages.ACTIVATED;
import static io.ringfence.engine.command.Stages.LEARNT;
import static io.ringfence.engine.command.Stages.OWN;

import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.ApprovalDecoder;
import io.ringfence.schemas.ClockCommandDecoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.ControlCommandDecoder;
import io.ringfence.schemas.ExecutionDecoder;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.HoldCommandDecoder;
import io.ringfence.schemas.InstrumentCommandDecoder;
import io.ringfence.schemas.KeyChangeDecoder;
import io.ringfence.schemas.LearningCommandDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderCancelDecoder;
import io.ringfence.schemas.OrderReplaceDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.OverrideDecoder;
import io.ringfence.schemas.PeriodRollDecoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.PositionAdjustDecoder;
import io.ringfence.schemas.PrincipalCommandDecoder;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.ProposalDecoder;
import io.ringfence.schemas.ReferencePriceDecoder;
import io.ringfence.schemas.RightCommandDecoder;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.SessionClosedDecoder;
import io.ringfence.schemas.SessionOpenedDecoder;
import io.ringfence.schemas.SettingsDecoder;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import io.ringfence.schemas.StartDecoder;
import io.ringfence.schemas.TickDecoder;

/**
 * The one table of command types: a row says all that differs, and to add a type is to add a row. Immutable; safe from any thread.
 */
public enum CommandType {
    ADMISSION(
            CommandKind.ADMISSION,
            AdmissionRequestDecoder.TEMPLATE_ID,
            AdmissionRequestDecoder.BLOCK_LENGTH,
            AdmissionRequestDecoder.clientTimestampNsEncodingOffset(),
            Stages.ALL,
            Trait.OF_CLIENT | Trait.REQUEST | Trait.NEW_RISK | Trait.STAMPED | Trait.GROUP | Sender.ASKING),
    ORDER(
            CommandKind.ORDER,
            OrderRequestDecoder.TEMPLATE_ID,
            OrderRequestDecoder.BLOCK_LENGTH,
            OrderRequestDecoder.clientTimestampNsEncodingOffset(),
            Stages.ALL,
            Trait.OF_CLIENT | Trait.REQUEST | Trait.NEW_RISK | Sender.ASKING),
    CANCEL(
            CommandKind.CANCEL,
            OrderCancelDecoder.TEMPLATE_ID,
            OrderCancelDecoder.BLOCK_LENGTH,
            OrderCancelDecoder.clientTimestampNsEncodingOffset(),
            Stages.BOOKED,
            Trait.OF_CLIENT | Trait.ON_HOLD | Trait.KEPT_ROOM | Sender.ASKING | Sender.RISK),
    REPLACE(
            CommandKind.REPLACE,
            OrderReplaceDecoder.TEMPLATE_ID,
            OrderReplaceDecoder.BLOCK_LENGTH,
            OrderReplaceDecoder.clientTimestampNsEncodingOffset(),
            Stages.BOOKED,
            Trait.OF_CLIENT | Trait.ON_HOLD | Trait.NEW_RISK | Sender.ASKING),
    EXECUTION(
            CommandKind.EXECUTION,
            ExecutionDecoder.TEMPLATE_ID,
            ExecutionDecoder.BLOCK_LENGTH,
            ExecutionDecoder.clientTimestampNsEncodingOffset(),
            Stages.BOOKED,
            Trait.OF_CLIENT | Trait.ON_HOLD | Trait.KEPT_ROOM | Sender.REPORTING),
    SETTLE(
            CommandKind.SETTLE,
            SettleDecoder.TEMPLATE_ID,
            SettleDecoder.BLOCK_LENGTH,
            SettleDecoder.clientTimestampNsEncodingOffset(),
            Stages.BOOKED,
            Trait.OF_CLIENT | Trait.ON_HOLD | Trait.KEPT_ROOM | Sender.REPORTING),
    OUTCOME(
            CommandKind.OUTCOME,
            OutcomeReportDecoder.TEMPLATE_ID,
            OutcomeReportDecoder.BLOCK_LENGTH,
            OutcomeReportDecoder.clientTimestampNsEncodingOffset(),
            LEARNT,
            Trait.OF_CLIENT | Trait.STAMPED | Sender.REPORTING),
    ACCOUNT(CommandKind.ACCOUNT, AccountCommandDecoder.TEMPLATE_ID, AccountCommandDecoder.BLOCK_LENGTH),
    POLICY_PART(CommandKind.POLICY_PART, PolicyPartDecoder.TEMPLATE_ID, PolicyPartDecoder.BLOCK_LENGTH, OWN),
    POLICY_ACTIVATE(
            CommandKind.POLICY_ACTIVATE,
            PolicyActivateDecoder.TEMPLATE_ID,
            PolicyActivateDecoder.BLOCK_LENGTH,
            ACTIVATED),
    POLICY_PIECE( // Many follow one another: they take no kept slot.
            CommandKind.POLICY_PIECE,
            PolicyPieceDecoder.TEMPLATE_ID,
            PolicyPieceDecoder.BLOCK_LENGTH,
            CommandType.NO_CLIENT_TIME,
            Stages.INTAKE_ONLY,
            Trait.OF_CLIENT | Trait.OF_OPERATOR | Trait.TEXT | Sender.PERSON),
    POLICY_CHANGE(
            ACTIVATED, CommandKind.POLICY_CHANGE, PolicyChangeDecoder.TEMPLATE_ID, PolicyChangeDecoder.BLOCK_LENGTH),
    SETTINGS(CommandKind.SETTINGS, SettingsDecoder.TEMPLATE_ID, SettingsDecoder.BLOCK_LENGTH, Stages.INTAKE_ONLY),
    START(CommandKind.START, StartDecoder.TEMPLATE_ID, StartDecoder.BLOCK_LENGTH, Stages.INTAKE_ONLY),
    SNAPSHOT(CommandKind.SNAPSHOT, SnapshotMarkerDecoder.TEMPLATE_ID, SnapshotMarkerDecoder.BLOCK_LENGTH, OWN),
    TICK(CommandKind.TICK, TickDecoder.TEMPLATE_ID, TickDecoder.BLOCK_LENGTH, Stages.BOOKED),
    SESSION_OPENED(
            CommandKind.SESSION_OPENED, SessionOpenedDecoder.TEMPLATE_ID, SessionOpenedDecoder.BLOCK_LENGTH, OWN),
    SESSION_CLOSED(
            CommandKind.SESSION_CLOSED, SessionClosedDecoder.TEMPLATE_ID, SessionClosedDecoder.BLOCK_LENGTH, OWN),
    INSTRUMENT(CommandKind.INSTRUMENT, InstrumentCommandDecoder.TEMPLATE_ID, true),
    REFERENCE_PRICE(CommandKind.REFERENCE_PRICE, ReferencePriceDecoder.TEMPLATE_ID, true),
    POSITION_ADJUST(CommandKind.POSITION_ADJUST, PositionAdjustDecoder.TEMPLATE_ID, true),
    PERIOD_ROLL(CommandKind.PERIOD_ROLL, PeriodRollDecoder.TEMPLATE_ID, true),
    CONTROL(CommandKind.CONTROL, ControlCommandDecoder.TEMPLATE_ID, true),
    OVERRIDE(CommandKind.OVERRIDE, OverrideDecoder.TEMPLATE_ID, true),
    APPROVAL(CommandKind.APPROVAL, ApprovalDecoder.TEMPLATE_ID, true),
    KEY_CHANGE(CommandKind.KEY_CHANGE, KeyChangeDecoder.TEMPLATE_ID, false),
    HOLD(
            CommandKind.HOLD,
            HoldCommandDecoder.TEMPLATE_ID,
            HoldCommandDecoder.BLOCK_LENGTH,
            CommandType.NO_CLIENT_TIME,
            Stages.BOOKED,
            Trait.OF_PERSON | Trait.ON_HOLD | Sender.PERSON),
    FACT(CommandKind.FACT, FactCommandDecoder.TEMPLATE_ID, FactCommandDecoder.BLOCK_LENGTH),
    PROPOSAL(CommandKind.PROPOSAL, ProposalDecoder.TEMPLATE_ID, true),
    PRINCIPAL_RESTART(
            CommandKind.PRINCIPAL_RESTART, PrincipalRestartDecoder.TEMPLATE_ID, PrincipalRestartDecoder.BLOCK_LENGTH),
    CLOCK( // Its body leaves out the wall clock, which the gateway writes.
            CommandKind.CLOCK,
            ClockCommandDecoder.TEMPLATE_ID,
            ClockCommandDecoder.BLOCK_LENGTH,
            ClockCommandDecoder.wallClockNsEncodingOffset(),
            Stages.INTAKE_ONLY,
            Trait.OF_PERSON | Sender.RISK),
    PRINCIPAL(CommandKind.PRINCIPAL, PrincipalCommandDecoder.TEMPLATE_ID, PrincipalCommandDecoder.BLOCK_LENGTH, OWN),
    RIGHT(CommandKind.RIGHT, RightCommandDecoder.TEMPLATE_ID, RightCommandDecoder.BLOCK_LENGTH, Stages.BOOKED),
    LEARNING(LEARNT, CommandKind.LEARNING, LearningCommandDecoder.TEMPLATE_ID, LearningCommandDecoder.BLOCK_LENGTH);

    /** Offset of the request id from the message header's start, in every message that has one. */
    public static final int REQUEST_ID_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + AdmissionRequestDecoder.clientRequestIdEncodingOffset();

    /** Offset of the hold's id from the message header's start, in every message that acts on a hold. */
    public static final int HOLD_ID_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + OrderCancelDecoder.holdIdEncodingOffset();

    private static final int NO_CLIENT_TIME = -1;
    private static final CommandType[] BY_TEMPLATE = new CommandType[128];
    private static final CommandType[] BY_KIND = new CommandType[64];

    static {
        for (CommandType type : values()) {
            BY_TEMPLATE[type.templateId] = type;
            BY_KIND[type.kind.value()] = type;
        }
    }

    private final CommandKind kind;
    private final int templateId;
    private final int blockLength;
    private final int clientTimeOffset;
    private final int stages;
    private final int traits;

    CommandType(CommandKind kind, int templateId, int blockLength, int clientTime, int stages, int traits) {
        this.kind = kind;
        this.templateId = templateId;
        this.blockLength = blockLength;
        this.clientTimeOffset = clientTime < 0 ? clientTime : MessageHeaderDecoder.ENCODED_LENGTH + clientTime;
        this.stages = stages;
        this.traits = traits;
    }

    /** A command that the engine gives itself. */
    CommandType(CommandKind kind, int templateId, int blockLength, int stages) {
        this(kind, templateId, blockLength, NO_CLIENT_TIME, stages, Trait.KEPT_ROOM);
    }

    /** A command of a person in risk or operations, with a text. */
    CommandType(CommandKind kind, int templateId, int blockLength) {
        this(Stages.BOOKED, kind, templateId, blockLength);
    }

    CommandType(int stages, CommandKind kind, int templateId, int blockLength) {
        this(kind, templateId, blockLength, NO_CLIENT_TIME, stages, Trait.OF_PERSON | Sender.PERSON);
    }

    /** A command that this build does not act on yet. */
    CommandType(CommandKind kind, int templateId, boolean isOfOperator) {
        this(kind, templateId, 0, NO_CLIENT_TIME, 0, Trait.NOT_ACTED_ON | (isOfOperator ? Trait.OF_OPERATOR : 0));
    }

    /** The type of a message; null for one that is no command. */
    public static CommandType ofTemplate(int templateId) {
        return templateId >= 0 && templateId < BY_TEMPLATE.length ? BY_TEMPLATE[templateId] : null;
    }

    /** The type of a record's kind; null for a kind that this build does not know. */
    public static CommandType of(CommandKind kind) {
        return kind == CommandKind.NULL_VAL || kind == CommandKind.SBE_UNKNOWN ? null : BY_KIND[kind.value()];
    }

    /** What a record calls it. */
    public CommandKind kind() {
        return kind;
    }

    /** The SBE template of its message. */
    public int templateId() {
        return templateId;
    }

    /** Bytes of its message's root block; 0 for a type that is not acted on. */
    public int blockLength() {
        return blockLength;
    }

    /** Offset of the time that is outside the body, from the message header's start; below 0 where the message has none. */
    public int clientTimeOffset() {
        return clientTimeOffset;
    }

    /** Stages that act on it once intake has passed it: bit i for the stage of index i in ring order. */
    public int stages() {
        return stages;
    }

    /** May a client send it? Then it carries a request id and is answered. */
    public boolean isOfClient() {
        return has(Trait.OF_CLIENT);
    }

    /** Does a person send it, who commands accounts, instruments or controls? */
    public boolean isOfOperator() {
        return has(Trait.OF_OPERATOR);
    }

    /** May a principal of this role send it? */
    public boolean isSentBy(Role role) {
        return has(1 << Sender.SHIFT + role.value());
    }

    /** Is it decided by the kernel: an admission request or an order? */
    public boolean isRequest() {
        return has(Trait.REQUEST);
    }

    /** Does it ask for an admission, which can add risk? It is refused when the disk is low or the clock has stepped. */
    public boolean isNewRisk() {
        return has(Trait.NEW_RISK);
    }

    /** Does it act on a hold, whose id its message carries at {@link #HOLD_ID_OFFSET}? */
    public boolean isOnHold() {
        return has(Trait.ON_HOLD);
    }

    /** May the gateway stamp it with the facts of a decision: that which an outcome reports on, or which a request retries? */
    public boolean isStamped() {
        return has(Trait.STAMPED);
    }

    /** Does one text stand behind its root block? */
    public boolean hasText() {
        return has(Trait.TEXT);
    }

    /** Does one group stand behind its root block? */
    public boolean hasGroup() {
        return has(Trait.GROUP);
    }

    /** May it take the slots that are kept for what must not wait behind admissions? */
    public boolean hasKeptRoom() {
        return has(Trait.KEPT_ROOM);
    }

    /** Does this build act on it? */
    public boolean isActedOn() {
        return !has(Trait.NOT_ACTED_ON);
    }

    private boolean has(int trait) {
        return (traits & trait) != 0;
    }
}
