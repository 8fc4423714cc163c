package io.ringfence.journal.record;

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
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.ReferencePriceDecoder;
import io.ringfence.schemas.RightCommandDecoder;
import io.ringfence.schemas.SessionClosedDecoder;
import io.ringfence.schemas.SessionOpenedDecoder;
import io.ringfence.schemas.SettingsDecoder;
import io.ringfence.schemas.SettleDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import io.ringfence.schemas.StartDecoder;
import io.ringfence.schemas.TickDecoder;
import java.util.Arrays;

/**
 * The rules of a record beyond its shape, its sequence and its hash: the version is known, event time does not fall, the kind fits the
 * command's message, and the semantics version of a start is not below that of an earlier one.
 *
 * <p>Looks at records in ascending order. Not thread safe.
 */
public final class RecordRules {
    private static final int UNKNOWN = -1;
    private static final int[] TEMPLATES = templates();
    private static final int START_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH + StartDecoder.BLOCK_LENGTH;

    private long timestampNs;
    private int semanticsVersion;

    /** Template id of the message that a kind of record holds; -1 for a kind that this schema does not know. */
    public static int templateOf(int kindCode) {
        return kindCode < TEMPLATES.length ? TEMPLATES[kindCode] : UNKNOWN;
    }

    /**
     * Looks at the next record.
     *
     * @param record its shape checked.
     * @return null if it keeps the rules; else which one it breaks.
     */
    public String fault(RecordView record) {
        int version = record.version();
        if (version < 1 || version > RecordHeaderDecoder.SCHEMA_VERSION) {
            return "version " + version + " of the record format: this build knows 1 to "
                    + RecordHeaderDecoder.SCHEMA_VERSION;
        }
        if (Long.compareUnsigned(record.timestampNs(), timestampNs) < 0) {
            return "event time falls: " + Long.toUnsignedString(record.timestampNs()) + " ns, the record before it has "
                    + Long.toUnsignedString(timestampNs);
        }
        int template = templateOf(record.kindCode());
        if (template == UNKNOWN || template != record.commandTemplateId()) {
            return "kind " + record.kindCode() + " does not fit the command: its template is "
                    + record.commandTemplateId() + (template == UNKNOWN ? "" : ", not " + template);
        }
        timestampNs = record.timestampNs();
        return record.kindCode() == CommandKind.START.value() ? faultOfStart(record) : null;
    }

    private String faultOfStart(RecordView record) {
        if (record.commandLength() < START_LENGTH) {
            return "a start of " + record.commandLength() + " bytes; it has " + START_LENGTH + " at least";
        }
        int version = record.startSemanticsVersion();
        if (version < 1 || version < semanticsVersion) {
            return "semantics version " + version + " of a start"
                    + (version < 1 ? ": they begin with 1" : "; an earlier one has " + semanticsVersion);
        }
        semanticsVersion = version;
        return null;
    }

    private static int[] templates() {
        int[] templates = new int[1 << Byte.SIZE];
        Arrays.fill(templates, UNKNOWN);
        for (CommandKind kind : CommandKind.values()) {
            if (kind != CommandKind.NULL_VAL && kind != CommandKind.SBE_UNKNOWN) {
                templates[kind.value()] = templateOf(kind);
            }
        }
        return templates;
    }

    private static int templateOf(CommandKind kind) {
        return switch (kind) {
            case ADMISSION -> AdmissionRequestDecoder.TEMPLATE_ID;
            case ORDER -> OrderRequestDecoder.TEMPLATE_ID;
            case CANCEL -> OrderCancelDecoder.TEMPLATE_ID;
            case REPLACE -> OrderReplaceDecoder.TEMPLATE_ID;
            case EXECUTION -> ExecutionDecoder.TEMPLATE_ID;
            case SETTLE -> SettleDecoder.TEMPLATE_ID;
            case OUTCOME -> OutcomeReportDecoder.TEMPLATE_ID;
            case ACCOUNT -> AccountCommandDecoder.TEMPLATE_ID;
            case POLICY_PART -> PolicyPartDecoder.TEMPLATE_ID;
            case POLICY_ACTIVATE -> PolicyActivateDecoder.TEMPLATE_ID;
            case POLICY_PIECE -> PolicyPieceDecoder.TEMPLATE_ID;
            case POLICY_CHANGE -> PolicyChangeDecoder.TEMPLATE_ID;
            case SETTINGS -> SettingsDecoder.TEMPLATE_ID;
            case START -> StartDecoder.TEMPLATE_ID;
            case SNAPSHOT -> SnapshotMarkerDecoder.TEMPLATE_ID;
            case TICK -> TickDecoder.TEMPLATE_ID;
            case SESSION_OPENED -> SessionOpenedDecoder.TEMPLATE_ID;
            case SESSION_CLOSED -> SessionClosedDecoder.TEMPLATE_ID;
            case INSTRUMENT -> InstrumentCommandDecoder.TEMPLATE_ID;
            case REFERENCE_PRICE -> ReferencePriceDecoder.TEMPLATE_ID;
            case POSITION_ADJUST -> PositionAdjustDecoder.TEMPLATE_ID;
            case PERIOD_ROLL -> PeriodRollDecoder.TEMPLATE_ID;
            case CONTROL -> ControlCommandDecoder.TEMPLATE_ID;
            case OVERRIDE -> OverrideDecoder.TEMPLATE_ID;
            case APPROVAL -> ApprovalDecoder.TEMPLATE_ID;
            case KEY_CHANGE -> KeyChangeDecoder.TEMPLATE_ID;
            case HOLD -> HoldCommandDecoder.TEMPLATE_ID;
            case PROPOSAL -> ProposalDecoder.TEMPLATE_ID;
            case PRINCIPAL_RESTART -> PrincipalRestartDecoder.TEMPLATE_ID;
            case CLOCK -> ClockCommandDecoder.TEMPLATE_ID;
            case FACT -> FactCommandDecoder.TEMPLATE_ID;
            case PRINCIPAL -> PrincipalCommandDecoder.TEMPLATE_ID;
            case RIGHT -> RightCommandDecoder.TEMPLATE_ID;
            case LEARNING -> LearningCommandDecoder.TEMPLATE_ID;
            case NULL_VAL, SBE_UNKNOWN -> UNKNOWN;
        };
    }
}
