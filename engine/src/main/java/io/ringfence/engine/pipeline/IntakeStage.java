package io.ringfence.engine.pipeline;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.Request;
import io.ringfence.engine.intake.AccountRegister;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.intake.RequestMemory;
import io.ringfence.engine.policy.Adaptive.UseCase;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SettingsStateDecoder;
import io.ringfence.schemas.SettingsStateEncoder;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Tells new requests from repeated ones, knows which accounts take requests, reads the request's fields, and keeps the policy in force.
 *
 * <p>A duplicate takes a record and changes nothing else. The same id with another body is refused, and so is an id that may have
 * been forgotten.
 */
final class IntakeStage implements Stage {
    private final byte[] settings;
    private final RequestMemory memory;
    private final AccountRegister accounts = new AccountRegister();
    private final PolicyAssembly policies = new PolicyAssembly();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final PolicyPartDecoder policyPart = new PolicyPartDecoder();
    private final PolicyActivateDecoder policyActivate = new PolicyActivateDecoder();
    private Policy policy; // In force; null before the first.

    IntakeStage(EngineSettings settings) {
        this.settings = settings.encode();
        this.memory = new RequestMemory(settings.rememberedPerPrincipal(), settings.rememberedInAll());
    }

    @Override
    public void onEvent(DecisionEvent event) {
        Command command = event.command();
        if (command.type().isRequest()) {
            event.request().read(command.type(), command.message());
        }
        boolean isRemembered = command.type().isOfClient() && command.principalId() != 0;
        if (!isRemembered || isNew(event, command)) {
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
            case NEW -> {
                memory.remember(command.principalId(), requestId, command.sequence(), bodyHash);
                return true;
            }
        }
        return false;
    }

    private ReasonCode check(DecisionEvent event, Command command) {
        DirectBuffer message = command.message();
        return switch (command.type()) {
            case ADMISSION, ORDER -> checkRequest(event.request());
            case OUTCOME -> checkOutcome(command, outcome.wrapAndApplyHeader(message, 0, header));
            case ACCOUNT -> checkAccount(account.wrapAndApplyHeader(message, 0, header));
            case POLICY_PART -> policies.accept(policyPart.wrapAndApplyHeader(message, 0, header));
            case POLICY_ACTIVATE -> activate(policyActivate.wrapAndApplyHeader(message, 0, header));
            case SETTINGS -> checkSettings(message, command.length());
            default -> ReasonCode.NONE;
        };
    }

    /** Fills a request that goes on from its use case. */
    private ReasonCode checkRequest(Request request) {
        if (policy == null) {
            return ReasonCode.NO_POLICY;
        }
        ReasonCode ofAccount = accounts.check(request.accountId());
        if (ofAccount != ReasonCode.NONE) {
            return ofAccount;
        }
        UseCase rules = policy.adaptive().useCase(request.useCase());
        if (rules == null || !request.isInRange()) {
            return ReasonCode.FIELD_OUT_OF_RANGE;
        }
        request.fill(rules);
        return ReasonCode.NONE;
    }

    private static ReasonCode checkOutcome(Command command, OutcomeReportDecoder outcome) {
        if (!command.hasFacts()) {
            return ReasonCode.OUTCOME_TOO_EARLY;
        }
        boolean isActedOn = outcome.dispositionRaw() != Disposition.ABANDONED.value();
        boolean isAdmitted = command.facts().isAdmittedRaw() == Tristate.YES.value();
        return isActedOn && !isAdmitted ? ReasonCode.ACTED_ON_REJECTION : ReasonCode.NONE;
    }

    private ReasonCode checkAccount(AccountCommandDecoder command) {
        long accountId = command.accountId();
        if (command.verb() == AccountVerb.OPEN) {
            return checkOpen(command, accountId);
        }
        if (!accounts.contains(accountId)) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        if (command.verb() == AccountVerb.CLOSE) {
            accounts.close(accountId);
        }
        return ReasonCode.NONE;
    }

    private ReasonCode checkOpen(AccountCommandDecoder command, long accountId) {
        if (accounts.contains(accountId)) {
            return ReasonCode.ACCOUNT_EXISTS;
        }
        if (accountId == 0 || command.amountMicros() < 0 || command.capMicros() < 0) {
            return ReasonCode.FIELD_OUT_OF_RANGE;
        }
        long currency = command.buffer()
                .getLong(command.offset() + AccountCommandDecoder.currencyEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        return accounts.open(accountId, command.parentAccountId(), currency);
    }

    private ReasonCode activate(PolicyActivateDecoder command) {
        ReasonCode result = policies.activate(command);
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

    boolean knowsAccount(long accountId) {
        return accounts.contains(accountId);
    }

    void forEachPrincipal(RequestMemory.HighestVisitor visitor) {
        memory.forEachPrincipal(visitor);
    }

    @Override
    public void writeState(StateWriter writer) {
        MessageHeaderEncoder encoder = new MessageHeaderEncoder();
        SettingsStateEncoder state = new SettingsStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), encoder).putContent(settings, 0, settings.length);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
        accounts.writeState(writer, encoder);
        memory.writeState(writer, encoder);
        policies.writeState(writer, encoder);
    }

    @Override
    public void readState(StateReader reader) {
        while (reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            boolean isTaken = readSettings(reader)
                    || accounts.readState(reader, header)
                    || memory.readState(reader, header)
                    || policies.readState(reader, header);
            if (!isTaken) {
                throw new IllegalArgumentException(
                        "intake state holds no such message: templateId=" + header.templateId());
            }
        }
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
