package io.ringfence.gateway.replay;

import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.policy.Policy;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.Names;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.PolicyActivateDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicyPartDecoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RecordSectionsDecoder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Follows the records of a journal from the first on, or from the first of any roll file, and knows the policy and the names in
 * force at each. From a later file on it knows only the accounts that were opened directly behind the policy or in the records that it was
 * shown.
 *
 * <p>One thread; allocates at the rare records that change a policy or a name.
 */
public final class PolicyHistory {
    private static final Names NO_NAMES = Names.decode(new byte[0]).orElseThrow();

    private PolicyAssembly policies = new PolicyAssembly(Integer.MAX_VALUE);
    private final Map<Long, String> accounts = new HashMap<>();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PolicyPartDecoder part = new PolicyPartDecoder();
    private final PolicyActivateDecoder activate = new PolicyActivateDecoder();
    private final PolicyPieceDecoder piece = new PolicyPieceDecoder();
    private final PolicyChangeDecoder change = new PolicyChangeDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final RecordSectionsDecoder sections = new RecordSectionsDecoder();
    private Path
            directory; // Where the parts are that it was not shown; null if it was shown all, or while it reads them.
    private Names names = NO_NAMES;
    private long activationSequence;
    private boolean isIncomplete;

    /**
     * The history as it was before a roll file. Reads the file in which the policy in force was activated, and files before it
     * only if its parts are there. If a policy is activated later whose parts stand before that file, these are read then.
     *
     * @param directory      of the journal.
     * @param policySequence last PolicyActivate or PolicyChange before the file, by its header; 0: none.
     * @throws JournalException {@code DAMAGED} if a file that is read is damaged.
     */
    public static PolicyHistory before(Path directory, long policySequence) {
        PolicyHistory history = new PolicyHistory();
        long back = policySequence;
        long last = policySequence;
        while (back > 0 && (history.policy() == null || history.isIncomplete)) {
            long first = JournalReader.firstOfFile(directory, back);
            history = new PolicyHistory();
            try (JournalReader reader = JournalReader.open(directory, first)) {
                back = history.read(reader, last);
                if (reader.fault() != null && history.policy() == null) {
                    throw new JournalException(
                            JournalException.Reason.DAMAGED,
                            directory + ": is damaged at " + reader.fault().text());
                }
            }
            if (history.policy() == null && !history.isIncomplete) {
                last = back; // Behind it nothing was put into force.
            }
        }
        history.directory = directory;
        return history;
    }

    /**
     * Reads from the first record of a file up to the activation, and the rights and accounts that were put directly behind it, as at
     * a start; returns where to look if no policy was found.
     */
    private long read(JournalReader reader, long last) {
        long first = 0;
        long activationBefore = 0;
        while (reader.next()
                && (reader.record().sequence() <= last
                        || isPutByAStart(reader.record().kind()))) {
            if (first == 0) {
                first = reader.record().sequence();
                activationBefore = reader.policySequenceBefore();
            }
            accept(reader.record());
        }
        return isIncomplete ? first - 1 : activationBefore;
    }

    private static boolean isPutByAStart(CommandKind kind) {
        return kind == CommandKind.PRINCIPAL || kind == CommandKind.RIGHT || kind == CommandKind.ACCOUNT;
    }

    /** Takes the next record. Policy and names are then those after it. A record whose command goes beyond it changes neither. */
    public void accept(RecordView record) {
        CommandKind kind = record.kind();
        boolean matters = kind == CommandKind.POLICY_PART
                || kind == CommandKind.POLICY_PIECE
                || record.isPolicyActivation()
                || kind == CommandKind.ACCOUNT;
        if (!matters || RecordShape.fault(record) != null) {
            return;
        }
        switch (kind) {
            case POLICY_PART -> part(record);
            case POLICY_PIECE -> piece(record);
            case POLICY_ACTIVATE, POLICY_CHANGE -> activate(record);
            default -> name(record);
        }
    }

    /** The policy in force; null before the first. */
    public Policy policy() {
        return policies.policy();
    }

    /** Sequence of the record that put it into force; 0 before the first. */
    public long activationSequence() {
        return activationSequence;
    }

    /** Its source text as it was read, in UTF-8; empty before the first. */
    public byte[] source() {
        return policies.section(PolicySection.SOURCE);
    }

    /** Do text, names and policy belong together: does the source compile to this policy, under these names? A sender may have lied. */
    public boolean isOf(CompiledPolicy compiled) {
        return policy() != null
                && compiled.is(policy())
                && Arrays.equals(compiled.section(PolicySection.NAMES), policies.section(PolicySection.NAMES));
    }

    /** The name of a number of the policy in force; the number in decimal where it has none. */
    public String name(NameKind kind, long id) {
        return names.name(kind, id);
    }

    /** The name that an account was opened with; its id in decimal where it has none. */
    public String account(long accountId) {
        return accounts.getOrDefault(accountId, Long.toUnsignedString(accountId));
    }

    private void part(RecordView record) {
        if (intakeResult(record) == ReasonCode.APPLIED) {
            policies.accept(part.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
        }
    }

    private void piece(RecordView record) {
        if (intakeResult(record) == ReasonCode.APPLIED) {
            piece.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
            policies.accept(record.principalId(), record.timestampNs(), piece);
        }
    }

    private void activate(RecordView record) {
        if (intakeResult(record) != ReasonCode.APPLIED) {
            return;
        }
        isIncomplete = put(record) != ReasonCode.APPLIED;
        if (!isIncomplete) {
            activationSequence = record.sequence();
            names = Names.decode(policies.section(PolicySection.NAMES)).orElse(NO_NAMES);
        } else if (directory != null) {
            become(before(directory, record.sequence()));
        }
    }

    private ReasonCode put(RecordView record) {
        if (record.kind() == CommandKind.POLICY_CHANGE) {
            change.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
            return policies.activate(record.principalId(), change);
        }
        return policies.activate(activate.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header));
    }

    private void become(PolicyHistory whole) {
        policies = whole.policies;
        activationSequence = whole.activationSequence;
        names = whole.names;
        isIncomplete = whole.isIncomplete;
        accounts.putAll(whole.accounts);
    }

    private void name(RecordView record) {
        account.wrapAndApplyHeader(record.buffer(), record.commandOffset(), header);
        if (account.verb() == AccountVerb.OPEN && intakeResult(record) == null) {
            long accountId = account.accountId();
            String name = account.name();
            if (!name.isEmpty()) {
                accounts.put(accountId, name);
            }
        }
    }

    /** What intake answered itself; null if it passed the command on. */
    private ReasonCode intakeResult(RecordView record) {
        header.wrap(record.buffer(), 0);
        sections.wrap(record.buffer(), record.sectionsOffset(), RecordSectionsDecoder.BLOCK_LENGTH, header.version());
        sections.stamp().forEach(facts -> {});
        RecordSectionsDecoder.IntakeDecoder intake = sections.intake();
        return intake.hasNext() ? intake.next().result() : null;
    }
}
