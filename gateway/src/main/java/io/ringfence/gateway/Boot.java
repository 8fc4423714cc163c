package io.ringfence.gateway;

import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.policy.Policy;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.AccountsFile.AccountEntry;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.CompiledPolicy.PolicyPiece;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.PrincipalEntry;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.server.Sequencer;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.ClockSource;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyActivateEncoder;
import io.ringfence.schemas.PolicyPartEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SnapshotMarkerEncoder;
import io.ringfence.schemas.StartEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.LongHashSet;

/**
 * Gives the commands that a process begins and ends with: settings, start, policy, rights, accounts, the last
 * snapshot marker.
 */
final class Boot {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(64 * 1024);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AccountCommandEncoder accountCommand = new AccountCommandEncoder();
    private final Engine engine;
    private final Sequencer sequencer;
    private ReasonCode result = ReasonCode.NONE; // Of the command last put.

    /**
     * @param engine    that runs behind the sequencer.
     * @param sequencer to which nobody else gives commands meanwhile.
     */
    Boot(Engine engine, Sequencer sequencer) {
        this.engine = engine;
        this.sequencer = sequencer;
        sequencer.handler(event -> result = event.verdict().reason());
    }

    /** The first record of a new journal. */
    void settings(EngineSettings settings) {
        byte[] command = settings.encode();
        buffer.putBytes(0, command);
        apply(CommandType.SETTINGS, command.length);
    }

    /**
     * The first record of a process.
     *
     * @param wallClockNs what the wall clock says, ns since 1970.
     */
    void start(long instanceId, long wallClockNs) {
        StartEncoder start = new StartEncoder();
        start.wrapAndApplyHeader(buffer, 0, header)
                .instanceId(instanceId)
                .wallClockNs(wallClockNs)
                .semanticsVersion(Engine.SEMANTICS_VERSION)
                .schemaVersion(StartEncoder.SCHEMA_VERSION)
                .clockSource(ClockSource.WALL_CARRIED)
                .build(build());
        apply(CommandType.START, MessageHeaderEncoder.ENCODED_LENGTH + start.encodedLength());
    }

    /** Version of the jar; {@code unpacked} when the classes were not loaded from a jar. */
    private static String build() {
        String version = Boot.class.getPackage().getImplementationVersion();
        return version == null ? "unpacked" : version;
    }

    /**
     * Refuses a policy that cannot follow the one in force; nothing is applied.
     *
     * @param file           that it was read from, for the message.
     * @param directory      of the journal: the text of the policy in force is written there when another policy is refused.
     * @param policySequence last activation of the journal, applied or refused; 0: none.
     * @throws ConfigFault when the journal has another policy of this epoch, or a later one, when its epoch is too far above, or when the
     *     policy is too long.
     */
    void requireFits(CompiledPolicy policy, Path file, Path directory, long policySequence) {
        Policy active = engine.policy();
        long activeEpoch = active == null ? 0 : active.epoch();
        if (active != null && policy.is(active)) {
            return;
        }
        if (policy.epoch() <= activeEpoch) {
            throw unfit(
                    file,
                    policy,
                    "above " + activeEpoch + ", the epoch of the other policy that this journal has in force"
                            + textOfActive(directory, policySequence));
        }
        long most = PolicyAssembly.highestAfter(activeEpoch);
        if (policy.epoch() > most) {
            throw unfit(file, policy, "at most " + most + ", so that it does not use up the epochs that are left");
        }
        long bytes = policy.pieces().stream()
                .mapToLong(piece -> piece.content().length)
                .sum();
        if (bytes > engine.bounds().policyBytes()) {
            throw new ConfigFault(
                    file.toString(),
                    ConfigFault.NO_LINE,
                    "policy",
                    "must be, with its names and its text, at most deciding.policy_size_max long: "
                            + engine.bounds().policyBytes() + " bytes: found " + bytes);
        }
    }

    private static ConfigFault unfit(Path file, CompiledPolicy policy, String rule) {
        return new ConfigFault(
                file.toString(),
                ConfigFault.NO_LINE,
                "policy.epoch",
                "must be " + rule + ": found " + Long.toUnsignedString(policy.epoch()));
    }

    /** Activates a policy that {@link #requireFits fits}; does nothing if it is active. */
    void policy(CompiledPolicy policy) {
        if (engine.policy() != null && policy.is(engine.policy())) {
            return;
        }
        for (PolicyPiece piece : policy.pieces()) {
            part(policy.epoch(), piece);
        }
        activate(policy);
    }

    /** Where a person finds the policy that the configured file must follow. */
    private static String textOfActive(Path directory, long policySequence) {
        try {
            PolicyHistory history = PolicyHistory.before(directory, policySequence);
            return " and that " + ActivePolicyFile.write(directory, history) + " has";
        } catch (IOException | JournalException cannot) {
            return ""; // The refusal stands without it.
        }
    }

    private void part(long epoch, PolicyPiece piece) {
        PolicyPartEncoder part = new PolicyPartEncoder();
        part.wrapAndApplyHeader(buffer, 0, header)
                .epoch(epoch)
                .section(piece.section())
                .index(piece.index())
                .count(piece.count())
                .putContent(piece.content(), 0, piece.content().length);
        apply(CommandType.POLICY_PART, MessageHeaderEncoder.ENCODED_LENGTH + part.encodedLength());
    }

    private void activate(CompiledPolicy policy) {
        PolicyActivateEncoder activate = new PolicyActivateEncoder();
        activate.wrapAndApplyHeader(buffer, 0, header)
                .epoch(policy.epoch())
                .putPolicyDigest(policy.policyDigest(), 0, policy.policyDigest().length)
                .putAdaptiveDigest(policy.adaptiveDigest(), 0, policy.adaptiveDigest().length)
                .putNamesDigest(policy.namesDigest(), 0, policy.namesDigest().length);
        apply(CommandType.POLICY_ACTIVATE, MessageHeaderEncoder.ENCODED_LENGTH + activate.encodedLength());
    }

    /**
     * Puts the rights of the configuration into a journal that none were put into whole; into any other only what is asked for.
     *
     * @param isAsked is a difference to be put?
     * @return one line for each principal whose rights differed, whether that was put or not; none for a journal that is seeded.
     * @throws ConfigFault when the journal takes no further principal.
     */
    List<String> rights(List<PrincipalEntry> file, boolean isAsked) {
        boolean isSeeding = !engine.rights().isSeeded();
        RightsChange change = new RightsChange(engine.rights().entries(), file);
        if (isSeeding || isAsked) {
            for (RightsChange.Change command : change.changes()) {
                buffer.putBytes(0, command.bytes());
                put(command.type(), command.bytes().length);
                requirePrincipalsFit();
                requireApplied(command.type());
            }
        }
        return isSeeding ? List.of() : change.lines();
    }

    private void requirePrincipalsFit() {
        if (result == ReasonCode.BOUND_REACHED) {
            throw new ConfigFault(
                    "the configuration",
                    ConfigFault.NO_LINE,
                    "principals",
                    "must be, with those that the journal has requests of, at most deciding.principals_max: "
                            + engine.bounds().principals());
        }
    }

    /**
     * Opens the accounts that the journal does not know, parents first, with their caps and limits. The others stay as they are in the
     * journal, except one with limits to which nothing was ever granted.
     *
     * <p>An account with limits is granted its budget last. If the process ends in between, the account can hold nothing, and the next
     * start sets the limits and grants the budget, if the file grants one.
     *
     * @param file that they were read from, for the message.
     * @throws ConfigFault when the journal refuses one: its parent is closed there, or stands in another tree or currency.
     */
    void accounts(AccountsFile accounts, Path file) {
        LongHashSet unfunded = unfunded();
        for (AccountEntry account : accounts.accounts()) {
            if (unfunded.contains(account.id())) {
                limitAndFund(account);
            }
            open(account, accounts, file);
        }
    }

    /** Accounts of the journal to which nothing was ever granted. */
    private LongHashSet unfunded() {
        LongHashSet unfunded = new LongHashSet();
        engine.forEachAccount(result -> {
            BudgetResult.Balance balance = result.balance();
            if ((balance.availableMicros()
                            | balance.reservedMicros()
                            | balance.committedMicros()
                            | balance.overdrawnMicros())
                    == 0) {
                unfunded.add(balance.accountId());
            }
        });
        return unfunded;
    }

    private void open(AccountEntry account, AccountsFile accounts, Path file) {
        if (engine.knowsAccount(account.id())) {
            return;
        }
        accounts.accounts().stream()
                .filter(other -> other.id() == account.parentId())
                .forEach(parent -> open(parent, accounts, file));
        openAlone(account);
        if (result != ReasonCode.APPLIED) {
            throw new ConfigFault(
                    file.toString(),
                    ConfigFault.NO_LINE,
                    "accounts." + account.name(),
                    "must fit the accounts that this journal has: refused with " + result);
        }
        limitAndFund(account);
    }

    private static boolean isFundedLast(AccountEntry account) {
        return !account.limits().isEmpty() && account.grantedMicros() > 0;
    }

    private void limitAndFund(AccountEntry account) {
        account.limits().forEach((limit, value) -> limit(account, limit, value));
        if (isFundedLast(account)) {
            begin(account, AccountVerb.TOP_UP)
                    .amountMicros(account.grantedMicros())
                    .name("");
            applyToOpenAccount();
        }
    }

    /** An account that was closed before anything was granted to it stays as it is. */
    private void applyToOpenAccount() {
        applyAccount();
        if (result != ReasonCode.ACCOUNT_CLOSED) {
            requireApplied(CommandType.ACCOUNT);
        }
    }

    /** One command, so that no end of the process can leave an account without its cap; one with limits is granted nothing yet. */
    private void openAlone(AccountEntry account) {
        begin(account, AccountVerb.OPEN)
                .amountMicros(isFundedLast(account) ? 0 : account.grantedMicros())
                .capMicros(account.capMicros())
                .currency(account.currency())
                .name(account.name());
        if (account.parentId() != AccountEntry.NO_PARENT) {
            accountCommand.parentAccountId(account.parentId());
        }
        applyAccount();
    }

    private void limit(AccountEntry account, AccountLimit limit, long value) {
        begin(account, AccountVerb.SET_LIMIT).limitKind(limit).limitValue(value).name("");
        applyToOpenAccount();
    }

    private AccountCommandEncoder begin(AccountEntry account, AccountVerb verb) {
        accountCommand
                .wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(0)
                .accountId(account.id())
                .parentAccountId(AccountCommandEncoder.parentAccountIdNullValue())
                .amountMicros(0)
                .capMicros(0)
                .verb(verb)
                .currency("")
                .limitKind(AccountLimit.NONE)
                .limitValue(AccountCommandEncoder.limitValueNullValue());
        accountCommand.session().sessionSequence(0).highestReplyRead(0);
        return accountCommand;
    }

    private void applyAccount() {
        put(CommandType.ACCOUNT, MessageHeaderEncoder.ENCODED_LENGTH + accountCommand.encodedLength());
    }

    /** The last record of a clean stop. */
    void snapshot(long snapshotId) {
        SnapshotMarkerEncoder marker = new SnapshotMarkerEncoder();
        marker.wrapAndApplyHeader(buffer, 0, header).snapshotId(snapshotId);
        apply(CommandType.SNAPSHOT, MessageHeaderEncoder.ENCODED_LENGTH + marker.encodedLength());
    }

    private void apply(CommandType type, int length) {
        put(type, length);
        requireApplied(type);
    }

    /** Returns once the command has its result. Whatever was given before has its own, so there is room. */
    private void put(CommandType type, int length) {
        sequencer.slot().command().load(buffer, 0, length);
        sequencer.take(type, 0, 0, Sequencer.NO_DECISION);
        while (sequencer.takenCount() > 0) {
            sequencer.carryOn(1);
            Thread.onSpinWait();
        }
    }

    private void requireApplied(CommandType type) {
        if (result != ReasonCode.APPLIED) {
            throw new IllegalStateException(
                    "the engine refused a command of its own: type=" + type + ", reason=" + result);
        }
    }
}
