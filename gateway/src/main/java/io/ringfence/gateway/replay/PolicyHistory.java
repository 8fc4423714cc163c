package io.ringfence.gateway.replay;

import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.policy.Policy;
import io.ringfence.gateway.config.Names;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordSectionsDecoder;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows the records of a journal from the first on and knows the policy and the names in force at each.
 *
 * <p>One thread; allocates at the rare records that change a policy or a name.
 */
public final class PolicyHistory {
    private static final Names NO_NAMES = Names.decode(new byte[0]).orElseThrow();

    private final PolicyAssembly policies = new PolicyAssembly();
    private final Map<Long, String> accounts = new HashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PolicyPartDecoder part = new PolicyPartDecoder();
    private final PolicyActivateDecoder activate = new PolicyActivateDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final RecordSectionsDecoder sections = new RecordSectionsDecoder();
    private Names names = NO_NAMES;

    /** Takes the next record. Policy and names are then those after it. A record whose command goes beyond it changes neither. */
    public void accept(RecordView record) {
        CommandKind kind = record.kind();
        boolean matters =
                kind == CommandKind.POLICY_PART || kind == CommandKind.POLICY_ACTIVATE || kind == CommandKind.ACCOUNT;
        if (!matters || RecordShape.fault(record) != null) {
            return;
        }
        switch (kind) {
            case POLICY_PART ->
                policies.accept(part.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
            case POLICY_ACTIVATE -> activate(record);
            default -> name(record);
        }
    }

    /** The policy in force; null before the first. */
    public Policy policy() {
        return policies.policy();
    }

    /** The name of a number of the policy in force; the number in decimal where it has none. */
    public String name(NameKind kind, long id) {
        return names.name(kind, id);
    }

    /** The name that an account was opened with; its id in decimal where it has none. */
    public String account(long accountId) {
        return accounts.getOrDefault(accountId, Long.toUnsignedString(accountId));
    }

    private void activate(RecordView record) {
        activate.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        if (policies.activate(activate) == ReasonCode.APPLIED) {
            names = Names.decode(policies.section(PolicySection.NAMES)).orElse(NO_NAMES);
        }
    }

    private void name(RecordView record) {
        account.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        if (account.verb() == AccountVerb.OPEN && isPassedByIntake(record)) {
            long accountId = account.accountId();
            String name = account.name();
            if (!name.isEmpty()) {
                accounts.put(accountId, name);
            }
        }
    }

    private boolean isPassedByIntake(RecordView record) {
        sections.wrap(record.buffer(), record.sectionsOffset(), RecordSectionsDecoder.BLOCK_LENGTH, header.version());
        sections.stamp().forEach(facts -> {});
        return sections.intake().count() == 0;
    }
}
