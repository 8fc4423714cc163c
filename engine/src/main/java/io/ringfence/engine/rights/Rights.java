package io.ringfence.engine.rights;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PrincipalCommandDecoder;
import io.ringfence.schemas.PrincipalStateDecoder;
import io.ringfence.schemas.PrincipalStateEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RightCommandDecoder;
import io.ringfence.schemas.RightStateDecoder;
import io.ringfence.schemas.RightStateEncoder;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.RightsStateDecoder;
import io.ringfence.schemas.RightsStateEncoder;
import io.ringfence.schemas.Role;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.LongHashSet;

/**
 * What each principal may do: its role, and the accounts on which it may act.
 *
 * <p>Only commands change it, so that a replay needs no file. Intake and budget have one each, over their own accounts, and both take the
 * same commands. A principal that no command named may do nothing. One thread; a question allocates nothing.
 */
public final class Rights {
    /** The accounts of the owner, by slot: numbered from 0 in the order in which they were opened. */
    public interface AccountTree {
        /** Stands for "no account". */
        int NONE = -1;

        /** Number of accounts. */
        int size();

        /** Id of an account. */
        long id(int slot);

        /** Slot of the account directly above; {@link #NONE} where there is none. */
        int parent(int slot);
    }

    private final AccountTree accounts;
    private final Int2ObjectHashMap<Principal> principals = new Int2ObjectHashMap<>();
    private boolean isSeeded;

    /** @param accounts of the owner, which calls {@link #accountOpened} for each one that it adds. */
    public Rights(AccountTree accounts) {
        this.accounts = accounts;
    }

    /** The rights of a principal, valid until the next command; 0 is the engine itself, which may do everything. */
    public Principal of(int principalId) {
        return principalId == 0 ? Principal.ENGINE : principals.getOrDefault(principalId, Principal.NOBODY);
    }

    /** {@link ReasonCode#NONE}, or {@code FIELD_OUT_OF_RANGE}: the id is not above 0, or role or scope is unknown. */
    public ReasonCode check(PrincipalCommandDecoder command) {
        boolean isSound = (int) command.principalId() > 0
                && Role.get(command.roleRaw()) != Role.SBE_UNKNOWN
                && Role.get(command.roleRaw()) != Role.NULL_VAL
                && AccountScope.get(command.scopeRaw()) != AccountScope.SBE_UNKNOWN
                && AccountScope.get(command.scopeRaw()) != AccountScope.NULL_VAL;
        return isSound ? ReasonCode.NONE : ReasonCode.FIELD_OUT_OF_RANGE;
    }

    /**
     * {@link ReasonCode#NONE}, or {@code FIELD_OUT_OF_RANGE}: there is no such principal, it may act on all accounts, the account's id is
     * not above 0, or the verb is unknown.
     */
    public ReasonCode check(RightCommandDecoder command) {
        Principal principal = principals.get((int) command.principalId());
        boolean isSound = principal != null
                && !principal.isEverywhere
                && command.accountId() > 0
                && (command.verbRaw() == RightVerb.GIVE.value() || command.verbRaw() == RightVerb.TAKE.value());
        return isSound ? ReasonCode.NONE : ReasonCode.FIELD_OUT_OF_RANGE;
    }

    /** Gives a principal its role and scope; one without a role is forgotten. {@link #check} has let the command pass. */
    public void apply(PrincipalCommandDecoder command) {
        int principalId = (int) command.principalId();
        if (command.role() == Role.NONE) {
            principals.remove(principalId);
        } else {
            principals
                    .computeIfAbsent(principalId, Principal::new)
                    .set(command.role(), command.scope() == AccountScope.ALL);
        }
        isSeeded |= command.remaining() == 0;
    }

    /** Lists an account for a principal or takes it off. {@link #check} has let the command pass. */
    public void apply(RightCommandDecoder command) {
        Principal principal = principals.get((int) command.principalId());
        if (command.verb() == RightVerb.GIVE) {
            principal.listed.add(command.accountId());
        } else {
            principal.listed.remove(command.accountId());
        }
        principal.findAccounts(accounts);
        isSeeded |= command.remaining() == 0;
    }

    /** Takes note of the account that was added last. */
    public void accountOpened() {
        int slot = accounts.size() - 1;
        principals.values().forEach(principal -> principal.accountOpened(accounts, slot));
    }

    /** Was a change of rights put whole? Then the rights are the journal's own, and no file seeds them any more. */
    public boolean isSeeded() {
        return isSeeded;
    }

    /** Every principal that has a role, ascending by id; allocates. */
    public List<Entry> entries() {
        return principals.values().stream()
                .map(principal -> new Entry(
                        principal.principalId,
                        principal.role,
                        principal.isEverywhere,
                        Arrays.stream(principal.listedIds()).boxed().toList()))
                .sorted((left, right) -> Integer.compare(left.principalId, right.principalId))
                .toList();
    }

    /** How many bytes {@link #writeState} would append now. */
    public long stateLength() {
        long listed =
                principals.values().stream().mapToLong(one -> one.listed.size()).sum();
        return StateWriter.length(1, RightsStateEncoder.BLOCK_LENGTH)
                + StateWriter.length(principals.size(), PrincipalStateEncoder.BLOCK_LENGTH)
                + StateWriter.length(listed, RightStateEncoder.BLOCK_LENGTH);
    }

    /** Writes all principals in ascending order, each with its listed accounts in ascending order. */
    public void writeState(StateWriter writer, MessageHeaderEncoder header) {
        RightsStateEncoder rights = new RightsStateEncoder();
        rights.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                .isSeeded(isSeeded ? Tristate.YES : Tristate.NO);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + rights.encodedLength());
        PrincipalStateEncoder principal = new PrincipalStateEncoder();
        RightStateEncoder right = new RightStateEncoder();
        for (Entry entry : entries()) {
            principal
                    .wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                    .principalId(entry.principalId)
                    .role(entry.role)
                    .scope(entry.isEverywhere ? AccountScope.ALL : AccountScope.LISTED);
            writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + principal.encodedLength());
            for (long accountId : entry.accountIds) {
                right.wrapAndApplyHeader(writer.buffer(), writer.position(), header)
                        .principalId(entry.principalId)
                        .accountId(accountId);
                writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + right.encodedLength());
            }
        }
    }

    /** Takes the message at the reader's position, if it is one of this owner's. */
    public boolean readState(StateReader reader, MessageHeaderDecoder header) {
        switch (header.templateId()) {
            case RightsStateDecoder.TEMPLATE_ID -> {
                RightsStateDecoder rights = new RightsStateDecoder();
                rights.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
                isSeeded = rights.isSeeded() == Tristate.YES;
            }
            case PrincipalStateDecoder.TEMPLATE_ID -> {
                PrincipalStateDecoder principal = new PrincipalStateDecoder();
                principal.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
                principals
                        .computeIfAbsent((int) principal.principalId(), Principal::new)
                        .set(principal.role(), principal.scope() == AccountScope.ALL);
            }
            case RightStateDecoder.TEMPLATE_ID -> {
                RightStateDecoder right = new RightStateDecoder();
                right.wrapAndApplyHeader(reader.buffer(), reader.position(), header);
                principals.get((int) right.principalId()).listed.add(right.accountId());
            }
            default -> {
                return false;
            }
        }
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength());
        return true;
    }

    /** Finds the accounts of each principal once all of the state is read. */
    public void restored() {
        principals.values().forEach(principal -> principal.findAccounts(accounts));
    }

    /**
     * The rights of one principal, for people and files.
     *
     * @param principalId  1 and above.
     * @param role         not NONE.
     * @param isEverywhere may it act on all accounts, later ones included?
     * @param accountIds   listed for it, ascending; empty when it may act on all.
     */
    public record Entry(int principalId, Role role, boolean isEverywhere, List<Long> accountIds) {
        /** Role and accounts in words, such as {@code trader on accounts 1, 4}. */
        @Override
        public String toString() {
            String ofRole = role.name().toLowerCase(Locale.ROOT);
            if (isEverywhere) {
                return ofRole + " on all accounts, later ones included";
            }
            String accounts = accountIds.stream().map(Object::toString).collect(Collectors.joining(", "));
            return ofRole + (accounts.isEmpty() ? " on no account" : " on accounts " + accounts);
        }
    }

    /** What one principal may do. Its accounts are a bit for each slot, so that the accounts below a listed one need no walk. */
    public static final class Principal {
        static final Principal ENGINE = new Principal(0);
        static final Principal NOBODY = new Principal(0);

        static {
            ENGINE.isEverywhere = true;
        }

        private final int principalId;
        private final LongHashSet listed = new LongHashSet();
        private Role role = Role.NONE;
        private boolean isEverywhere;
        private long[] bits = {};

        private Principal(int principalId) {
            this.principalId = principalId;
        }

        /** May it send commands of this type? Those of the engine itself are not a matter of roles. */
        public boolean maySend(CommandType type) {
            return type.isSentBy(role) || this == ENGINE || !type.isOfClient();
        }

        /** May it act on all accounts, later ones and unknown ones included? */
        public boolean isEverywhere() {
            return isEverywhere;
        }

        /** May it act on the account of a slot? Only a principal {@link #isEverywhere} may on {@link AccountTree#NONE}. */
        public boolean mayActOn(int slot) {
            return isEverywhere || slot >= 0 && slot >> 6 < bits.length && (bits[slot >> 6] & 1L << slot) != 0;
        }

        /** May it open an account of this id below that one? At the root, {@link AccountTree#NONE}, only what is listed for it. */
        public boolean mayOpen(long accountId, int parentSlot) {
            return mayActOn(parentSlot) || parentSlot == AccountTree.NONE && listed.contains(accountId);
        }

        private void set(Role newRole, boolean everywhere) {
            role = newRole;
            isEverywhere = everywhere;
            if (everywhere) {
                listed.clear();
                bits = new long[0];
            }
        }

        private void findAccounts(AccountTree accounts) {
            Arrays.fill(bits, 0);
            for (int slot = 0; slot < accounts.size(); slot++) {
                accountOpened(accounts, slot);
            }
        }

        private void accountOpened(AccountTree accounts, int slot) {
            if (isEverywhere || !isWithinListed(accounts, slot)) {
                return;
            }
            if (slot >> 6 >= bits.length) {
                bits = Arrays.copyOf(bits, Math.max((slot >> 6) + 1, 2 * bits.length));
            }
            bits[slot >> 6] |= 1L << slot;
        }

        /** Is the account, or one above it, listed? */
        private boolean isWithinListed(AccountTree accounts, int slot) {
            int above = slot;
            while (above != AccountTree.NONE && !listed.contains(accounts.id(above))) {
                above = accounts.parent(above);
            }
            return above != AccountTree.NONE;
        }

        private long[] listedIds() {
            return listed.stream().mapToLong(Long::longValue).sorted().toArray();
        }
    }
}
