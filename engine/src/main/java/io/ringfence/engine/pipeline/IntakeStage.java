package io.ringfence.engine.pipeline;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.intake.AccountRegister;
import io.ringfence.engine.intake.ClockSteps;
import io.ringfence.engine.intake.OpenSessions;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.intake.RegisterCommands;
import io.ringfence.engine.intake.RequestMemory;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.rights.Rights;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettingsStateDecoder;
import io.ringfence.schemas.SettingsStateEncoder;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Tells new requests from repeated ones, knows which accounts take requests and who may act on them, reads the request's fields, and
 * keeps the policy in force.
 *
 * <p>A duplicate takes a record and changes nothing else. The same id with another body is refused, and so is an id that may have
 * been forgotten.
 */
final class IntakeStage implements Stage {
    private final byte[] settings;
    private final RequestMemory memory;
    private final AccountRegister accounts = new AccountRegister();
    private final Rights rights = new Rights(accounts);
    private final OpenSessions sessions = new OpenSessions();
    private final RegisterCommands registers;
    private final PolicyAssembly policies;
    private final ClockSteps clock = new ClockSteps();
    private final LearningCommands learning = new LearningCommands();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private final PolicyPartDecoder policyPart = new PolicyPartDecoder();
    private final PolicyActivateDecoder policyActivate = new PolicyActivateDecoder();
    private final PolicyPieceDecoder policyPiece = new PolicyPieceDecoder();
    private final PolicyChangeDecoder policyChange = new PolicyChangeDecoder();
    private Policy policy; // In force; null before the first.

    IntakeStage(EngineSettings settings) {
        this.settings = settings.encode();
        Bounds bounds = settings.bounds();
        this.policies = new PolicyAssembly(bounds.policyBytes());
        this.memory = new RequestMemory(settings.rememberedPerPrincipal());
        this.registers = new RegisterCommands(accounts, rights, sessions, memory, bounds);
    }

    @Override
    public void onEvent(DecisionEvent event) {
        Command command = event.command();
        if (command.type().isRequest()) {
            command.read(command.type()); // Unless the gateway's check has.
        }
        if (!command.isOfClient() || isNew(event, command)) {
            event.intake(check(event, command), 0, policy);
        }
    }

    /** Remembers a new request; writes the section of any other. */
    private boolean isNew(DecisionEvent event, Command command) {
        long requestId = command.clientRequestId();
        long bodyHash = command.bodyHash();
        switch (memory.find(command.principalId(), requestId, bodyHash)) {
            case DUPLICATE -> event.intake(ReasonCode.NONE, memory.foundSequence(), policy);
            case REUSED -> event.intake(ReasonCode.REQUEST_ID_REUSED, 0, policy);
            case TOO_OLD -> event.intake(ReasonCode.REQUEST_ID_TOO_OLD, 0, policy);
            case TOO_FAR -> event.intake(ReasonCode.REQUEST_ID_TOO_FAR, 0, policy);
            case NEW -> {
                memory.remember(command.principalId(), requestId, command.sequence(), bodyHash);
                return true;
            }
        }
        return false;
    }

    private ReasonCode check(DecisionEvent event, Command command) {
        DirectBuffer message = command.message();
        Rights.Principal sender = rights.of(command.principalId());
        if (!sender.maySend(command.type())) {
            return ReasonCode.ROLE_NOT_PERMITTED;
        }
        return switch (command.type()) {
            case ADMISSION, ORDER -> checkRequest(event.request(), command, sender);
            case OUTCOME -> checkOutcome(command, outcome.wrapAndApplyHeader(message, 0, header), sender);
            case ACCOUNT, FACT, PRINCIPAL, RIGHT, PRINCIPAL_RESTART -> registers.apply(command, sender);
            case SESSION_OPENED, SESSION_CLOSED -> sessions.note(command);
            case POLICY_PART -> policies.accept(policyPart.wrapAndApplyHeader(message, 0, header));
            case POLICY_ACTIVATE -> activated(policies.activate(policyActivate.wrapAndApplyHeader(message, 0, header)));
            case POLICY_PIECE, POLICY_CHANGE -> upload(command, sender);
            case LEARNING -> sender.isEverywhere() ? learning.check(message, policy) : ReasonCode.ACCOUNT_NOT_PERMITTED;
            case CLOCK -> clock.accept(command, header);
            case START -> {
                clock.started(command, header);
                yield sessions.note(command);
            }
            case SETTINGS -> checkSettings(message, command.length());
            default -> ReasonCode.NONE;
        };
    }

    /** Fills a request that goes on from its use case. */
    private ReasonCode checkRequest(Request request, Command command, Rights.Principal sender) {
        if (policy == null) {
            return ReasonCode.NO_POLICY;
        }
        ReasonCode ofAccount = accounts.check(request.accountId(), sender);
        if (ofAccount != ReasonCode.NONE) {
            return ofAccount;
        }
        if (request.hasParent() && !mayActOnDecision(command, sender)) {
            return ReasonCode.DECISION_NOT_PERMITTED;
        }
        UseCase rules = policy.useCase(request.useCase());
        if (rules == null) {
            return ReasonCode.USE_CASE_UNKNOWN;
        }
        if (!request.isInRange()) {
            return ReasonCode.FIELD_OUT_OF_RANGE; // The gateway has refused it.
        }
        request.fill(rules);
        return ReasonCode.NONE;
    }

    /** May the sender act on the account of the decision with whose facts the command is stamped? Not if it is not stamped. */
    private boolean mayActOnDecision(Command command, Rights.Principal sender) {
        return command.hasFacts()
                && (sender.isEverywhere()
                        || sender.mayActOn(accounts.slot(command.facts().accountId())));
    }

    private ReasonCode checkOutcome(Command command, OutcomeReportDecoder outcome, Rights.Principal sender) {
        if (!command.hasFacts()) {
            return ReasonCode.OUTCOME_TOO_EARLY;
        }
        if (!mayActOnDecision(command, sender)) {
            return ReasonCode.DECISION_NOT_PERMITTED;
        }
        boolean isActedOn = outcome.dispositionRaw() != Disposition.ABANDONED.value();
        boolean isAdmitted = command.facts().isAdmittedRaw() == Tristate.YES.value();
        return isActedOn && !isAdmitted ? ReasonCode.ACTED_ON_REJECTION : ReasonCode.NONE;
    }

    /** A policy decides for all accounts: the sender must be one who may act on all. */
    private ReasonCode upload(Command command, Rights.Principal sender) {
        if (!sender.isEverywhere()) {
            return ReasonCode.ACCOUNT_NOT_PERMITTED;
        }
        if (command.type() == CommandType.POLICY_PIECE) {
            policyPiece.wrapAndApplyHeader(command.message(), 0, header);
            return policies.accept(command.principalId(), command.timestampNs(), policyPiece);
        }
        policyChange.wrapAndApplyHeader(command.message(), 0, header);
        return activated(policies.activate(command.principalId(), policyChange));
    }

    private ReasonCode activated(ReasonCode result) {
        policy = policies.policy();
        return result;
    }

    private ReasonCode checkSettings(DirectBuffer message, int length) {
        byte[] received = new byte[length];
        message.getBytes(0, received);
        return Arrays.equals(received, settings) ? ReasonCode.APPLIED : ReasonCode.SETTINGS_FIXED;
    }

    Policy policy() {
        return policy;
    }

    Rights rights() {
        return rights;
    }

    /** How far event time is ahead of the wall clock by steps that were accepted, in ns. */
    long clockAheadNs() {
        return clock.aheadNs();
    }

    boolean knowsAccount(long accountId) {
        return accounts.contains(accountId);
    }

    boolean isOpen(long accountId) {
        return accounts.check(accountId) == ReasonCode.NONE;
    }

    RequestMemory requests() {
        return memory;
    }

    @Override
    public long stateLength() {
        return MessageHeaderEncoder.ENCODED_LENGTH
                + SettingsStateEncoder.contentHeaderLength()
                + settings.length
                + clock.stateLength()
                + rights.stateLength()
                + sessions.stateLength()
                + accounts.stateLength()
                + memory.stateLength()
                + policies.stateLength();
    }

    @Override
    public void writeState(StateWriter writer) {
        MessageHeaderEncoder encoder = new MessageHeaderEncoder();
        SettingsStateEncoder state = new SettingsStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), encoder).putContent(settings, 0, settings.length);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
        clock.writeState(writer, encoder);
        rights.writeState(writer, encoder);
        sessions.writeState(writer, encoder);
        accounts.writeState(writer, encoder);
        memory.writeState(writer, encoder);
        policies.writeState(writer, encoder);
    }

    @Override
    public void readState(StateReader reader) {
        while (reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            boolean isTaken = readSettings(reader)
                    || clock.readState(reader, header)
                    || rights.readState(reader, header)
                    || sessions.readState(reader, header)
                    || accounts.readState(reader, header)
                    || memory.readState(reader, header)
                    || policies.readState(reader, header);
            if (!isTaken) {
                throw new IllegalArgumentException(
                        "intake state holds no such message: templateId=" + header.templateId());
            }
        }
        rights.restored();
        policies.restored();
        policy = policies.policy();
    }

    private boolean readSettings(StateReader reader) {
        if (header.templateId() != SettingsStateDecoder.TEMPLATE_ID) {
            return false;
        }
        SettingsStateDecoder state =
                new SettingsStateDecoder().wrapAndApplyHeader(reader.buffer(), reader.position(), header);
        byte[] content = new byte[state.contentLength()];
        state.getContent(content, 0, content.length);
        if (!Arrays.equals(content, settings)) {
            throw new IllegalArgumentException("the state belongs to an engine of other settings");
        }
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
        return true;
    }
}
