package io.ringfence.engine.pipeline;

import io.ringfence.engine.intake.AccountRegister;
import io.ringfence.engine.intake.BodyHash;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.intake.RequestMemory;
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
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Tells new requests from repeated ones and strangers' from known accounts', and keeps the policy in force.
 *
 * <p>A duplicate takes a record and nothing else; the same id with another body is refused, and so is an id that may have been
 * forgotten.
 */
final class IntakeStage implements Stage {
    private static final int BPS_MAX = 10_000;

    private final byte[] settings;
    private final RequestMemory memory;
    private final AccountRegister accounts = new AccountRegister();
    private final PolicyAssembly policies = new PolicyAssembly();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RequestView request = new RequestView();
    private final OutcomeReportDecoder outcome = new OutcomeReportDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final PolicyPartDecoder policyPart = new PolicyPartDecoder();
    private final PolicyActivateDecoder policyActivate = new PolicyActivateDecoder();

    IntakeStage(EngineSettings settings) {
        this.settings = settings.encode();
        this.memory = new RequestMemory(settings.rememberedPerPrincipal(), settings.rememberedInAll());
    }

    @Override
    public void onEvent(DecisionEvent event) {
        long sequence = event.sequence();
        if (isFromClient(event) && !isNew(event)) {
            return;
        }
        ReasonCode result = check(event);
        if (result == ReasonCode.NONE) {
            event.intake().goesOn(sequence, policies.policy());
        } else {
            event.intake().refused(sequence, result, policies.policy());
        }
    }

    private static boolean isFromClient(DecisionEvent event) {
        return event.stamp().principalId() != 0
                && ClientFields.hasRequestId(event.command().kind());
    }

    /** Remembers a new request; writes the section of any other. */
    private boolean isNew(DecisionEvent event) {
        long sequence = event.sequence();
        Policy policy = policies.policy();
        DirectBuffer command = event.command().buffer();
        header.wrap(command, 0);
        long requestId = ClientFields.requestId(command, 0);
        long bodyHash =
                BodyHash.of(header.templateId(), command, event.command().length());
        switch (memory.find(event.stamp().principalId(), requestId, bodyHash)) {
            case DUPLICATE -> event.intake().duplicate(sequence, memory.foundSequence(), policy);
            case REUSED -> event.intake().refused(sequence, ReasonCode.REQUEST_ID_REUSED, policy);
            case TOO_OLD -> event.intake().refused(sequence, ReasonCode.REQUEST_ID_TOO_OLD, policy);
            case NEW -> {
                memory.remember(event.stamp().principalId(), requestId, sequence, bodyHash);
                return true;
            }
        }
        return false;
    }

    private ReasonCode check(DecisionEvent event) {
        DirectBuffer command = event.command().buffer();
        return switch (event.command().kind()) {
            case ADMISSION, ORDER -> checkRequest(request.wrap(event.command()));
            case OUTCOME -> checkOutcome(event.stamp().facts(), outcome.wrapAndApplyHeader(command, 0, header));
            case ACCOUNT -> checkAccount(account.wrapAndApplyHeader(command, 0, header));
            case POLICY_PART -> policies.accept(policyPart.wrapAndApplyHeader(command, 0, header));
            case POLICY_ACTIVATE -> policies.activate(policyActivate.wrapAndApplyHeader(command, 0, header));
            case SETTINGS -> checkSettings(command, event.command().length());
            default -> ReasonCode.NONE;
        };
    }

    private ReasonCode checkRequest(RequestView request) {
        Policy policy = policies.policy();
        if (policy == null) {
            return ReasonCode.NO_POLICY;
        }
        ReasonCode ofAccount = accounts.check(request.accountId());
        if (ofAccount != ReasonCode.NONE) {
            return ofAccount;
        }
        boolean isInRange = policy.adaptive().useCase(request.useCase()) != null
                && request.hasBoundedTerms()
                && (!request.hasRisk() || request.rawRiskBps() <= BPS_MAX)
                && (!request.hasConfidence() || request.rawConfidenceBps() <= BPS_MAX)
                && (!request.hasMinimumQuality() || request.rawMinimumQualityBps() <= BPS_MAX);
        return isInRange ? ReasonCode.NONE : ReasonCode.FIELD_OUT_OF_RANGE;
    }

    private static ReasonCode checkOutcome(OutcomeFacts facts, OutcomeReportDecoder outcome) {
        if (!facts.isPresent()) {
            return ReasonCode.OUTCOME_TOO_EARLY;
        }
        boolean isActedOn = outcome.disposition() != Disposition.ABANDONED;
        return isActedOn && !facts.isAdmitted() ? ReasonCode.ACTED_ON_REJECTION : ReasonCode.NONE;
    }

    private ReasonCode checkAccount(AccountCommandDecoder command) {
        long accountId = command.accountId();
        if (command.verb() == AccountVerb.OPEN) {
            if (accounts.contains(accountId)) {
                return ReasonCode.ACCOUNT_EXISTS;
            }
            if (command.parentAccountId() != AccountCommandDecoder.parentAccountIdNullValue()) {
                return ReasonCode.NOT_SUPPORTED;
            }
            if (accountId == 0 || command.amountMicros() < 0) {
                return ReasonCode.FIELD_OUT_OF_RANGE;
            }
            accounts.open(accountId);
            return ReasonCode.NONE;
        }
        if (!accounts.contains(accountId)) {
            return ReasonCode.ACCOUNT_UNKNOWN;
        }
        if (command.verb() == AccountVerb.CLOSE) {
            accounts.close(accountId);
        }
        return ReasonCode.NONE;
    }

    private ReasonCode checkSettings(DirectBuffer command, int length) {
        byte[] received = new byte[length];
        command.getBytes(0, received);
        return Arrays.equals(received, settings) ? ReasonCode.APPLIED : ReasonCode.SETTINGS_FIXED;
    }

    Policy policy() {
        return policies.policy();
    }

    boolean knowsAccount(long accountId) {
        return accounts.contains(accountId);
    }

    void forEachPrincipal(Engine.PrincipalVisitor visitor) {
        memory.forEachPrincipal(visitor::onPrincipal);
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
