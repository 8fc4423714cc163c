package io.ringfence.engine.rights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PrincipalCommandDecoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RightCommandDecoder;
import io.ringfence.schemas.RightCommandEncoder;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RightsTest {
    private static final int TRADER = 7;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    private final Tree tree = new Tree();
    private final Rights rights = new Rights(tree);

    @Test
    void shouldLetNobodyDoAnythingWhomNoCommandNamed() {
        int slot = open(1, Tree.NONE);

        Rights.Principal nobody = rights.of(TRADER);

        for (CommandType type : CommandType.values()) {
            assertEquals(!type.isOfClient(), nobody.maySend(type), type.name());
        }
        assertFalse(nobody.mayActOn(slot));
        assertFalse(nobody.mayOpen(2, Tree.NONE));
    }

    @Test
    void shouldLetTheEngineItselfDoEverything() {
        Rights.Principal engine = rights.of(0);

        assertTrue(Arrays.stream(CommandType.values()).allMatch(engine::maySend));
        assertTrue(engine.mayActOn(open(1, Tree.NONE)));
    }

    @Test
    void shouldCountTheAccountsBelowAListedOneWhicheverCameFirst() {
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        int firm = open(1, Tree.NONE);
        int deskBefore = open(2, firm);
        right(TRADER, 1, RightVerb.GIVE);
        int deskAfter = open(3, firm);
        int book = open(4, deskAfter);
        int stranger = open(5, Tree.NONE);
        int belowStranger = open(6, stranger);

        Rights.Principal trader = rights.of(TRADER);

        assertTrue(trader.mayActOn(firm));
        assertTrue(trader.mayActOn(deskBefore));
        assertTrue(trader.mayActOn(deskAfter));
        assertTrue(trader.mayActOn(book));
        assertFalse(trader.mayActOn(stranger));
        assertFalse(trader.mayActOn(belowStranger));
        assertTrue(trader.mayOpen(9, book));
        assertFalse(trader.mayOpen(9, belowStranger));
    }

    @Test
    void shouldNotReachUpwardsOrSidewards() {
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        int firm = open(1, Tree.NONE);
        int desk = open(2, firm);
        int other = open(3, firm);
        right(TRADER, 2, RightVerb.GIVE);

        assertTrue(rights.of(TRADER).mayActOn(desk));
        assertFalse(rights.of(TRADER).mayActOn(firm));
        assertFalse(rights.of(TRADER).mayActOn(other));
    }

    @Test
    void shouldListAnAccountThatIsOpenedLater() {
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        right(TRADER, 200, RightVerb.GIVE);
        for (int id = 1; id <= 300; id++) {
            open(id, Tree.NONE);
        }

        for (int slot = 0; slot < 300; slot++) {
            assertEquals(tree.id(slot) == 200, rights.of(TRADER).mayActOn(slot), "slot=" + slot);
        }
        assertFalse(rights.of(TRADER).mayActOn(5_000));
        assertFalse(rights.of(TRADER).mayActOn(Tree.NONE));
        assertTrue(rights.of(TRADER).mayOpen(200, Tree.NONE));
    }

    @Test
    void shouldTakeBackWhatItGave() {
        int desk = open(1, Tree.NONE);
        int other = open(2, Tree.NONE);
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        right(TRADER, 1, RightVerb.GIVE);
        right(TRADER, 2, RightVerb.GIVE);

        right(TRADER, 1, RightVerb.TAKE);

        assertFalse(rights.of(TRADER).mayActOn(desk));
        assertTrue(rights.of(TRADER).mayActOn(other));
        principal(TRADER, Role.NONE, AccountScope.LISTED);
        assertFalse(rights.of(TRADER).mayActOn(other));
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        assertFalse(rights.of(TRADER).mayActOn(other), "a principal that comes again begins with nothing");
    }

    @Test
    void shouldForgetTheListWhenAllAccountsAreGiven() {
        int desk = open(1, Tree.NONE);
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        right(TRADER, 1, RightVerb.GIVE);

        principal(TRADER, Role.REPORTER, AccountScope.LISTED);
        assertTrue(rights.of(TRADER).mayActOn(desk), "another role keeps the list");
        principal(TRADER, Role.TRADER, AccountScope.ALL);
        assertTrue(rights.of(TRADER).mayActOn(open(2, Tree.NONE)));
        principal(TRADER, Role.TRADER, AccountScope.LISTED);

        assertFalse(rights.of(TRADER).mayActOn(desk));
    }

    @Test
    void shouldRefuseCommandsThatNameNothing() {
        principal(TRADER, Role.TRADER, AccountScope.ALL);

        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE, rights.check(principalCommand(0, Role.TRADER, AccountScope.ALL, 0)));
        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE, rights.check(principalCommand(-1, Role.TRADER, AccountScope.ALL, 0)));
        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE, rights.check(principalCommand(5, Role.NULL_VAL, AccountScope.ALL, 0)));
        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE,
                rights.check(principalCommand(5, Role.TRADER, AccountScope.NULL_VAL, 0)));
        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE, rights.check(rightCommand(TRADER, 1, RightVerb.GIVE, 0)), "has all");
        assertEquals(ReasonCode.FIELD_OUT_OF_RANGE, rights.check(rightCommand(8, 1, RightVerb.GIVE, 0)), "unknown");
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        assertEquals(ReasonCode.FIELD_OUT_OF_RANGE, rights.check(rightCommand(TRADER, 0, RightVerb.GIVE, 0)));
        assertEquals(ReasonCode.FIELD_OUT_OF_RANGE, rights.check(rightCommand(TRADER, 1, RightVerb.NULL_VAL, 0)));
        assertEquals(ReasonCode.NONE, rights.check(rightCommand(TRADER, 1, RightVerb.GIVE, 0)));
    }

    @Test
    void shouldBeSeededOnceAChangeIsWhole() {
        rights.apply(principalCommand(TRADER, Role.TRADER, AccountScope.LISTED, 2));
        rights.apply(rightCommand(TRADER, 1, RightVerb.GIVE, 1));
        assertFalse(rights.isSeeded());

        rights.apply(rightCommand(TRADER, 2, RightVerb.GIVE, 0));
        assertTrue(rights.isSeeded());

        rights.apply(rightCommand(TRADER, 2, RightVerb.TAKE, 3));
        assertTrue(rights.isSeeded(), "a later change that is cut short leaves it so");
    }

    @Test
    void shouldWriteEqualBytesForEqualRightsAndReadThemBack() {
        Tree otherTree = new Tree();
        Rights other = new Rights(otherTree);
        for (long id : new long[] {3, 1, 2}) {
            open(id, Tree.NONE);
        }
        principal(9, Role.READER, AccountScope.ALL);
        principal(TRADER, Role.TRADER, AccountScope.LISTED);
        for (long account : new long[] {3, 1, 2}) {
            right(TRADER, account, RightVerb.GIVE);
        }
        right(TRADER, 1, RightVerb.TAKE);
        byte[] written = write(rights);

        for (long id : new long[] {1, 2, 3}) {
            otherTree.add(id, Tree.NONE);
        }
        read(other, written);

        assertArrayEquals(written, write(other));
        assertEquals(rights.entries(), other.entries());
        assertTrue(other.isSeeded());
        assertFalse(other.of(TRADER).mayActOn(0));
        assertTrue(other.of(TRADER).mayActOn(1));
        assertTrue(other.of(TRADER).mayActOn(2));
        assertTrue(other.of(9).mayActOn(0));
    }

    private int open(long id, int parentSlot) {
        tree.add(id, parentSlot);
        rights.accountOpened();
        return tree.size() - 1;
    }

    private void principal(int id, Role role, AccountScope scope) {
        rights.apply(principalCommand(id, role, scope, 0));
    }

    private void right(int id, long accountId, RightVerb verb) {
        rights.apply(rightCommand(id, accountId, verb, 0));
    }

    private PrincipalCommandDecoder principalCommand(int id, Role role, AccountScope scope, int remaining) {
        new PrincipalCommandEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .principalId(id)
                .role(role)
                .scope(scope)
                .remaining(remaining)
                .name("");
        return new PrincipalCommandDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    private RightCommandDecoder rightCommand(int id, long accountId, RightVerb verb, int remaining) {
        new RightCommandEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .principalId(id)
                .accountId(accountId)
                .verb(verb)
                .remaining(remaining);
        return new RightCommandDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }

    private static byte[] write(Rights rights) {
        StateWriter writer = new StateWriter();
        rights.writeState(writer, new MessageHeaderEncoder());
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    private static void read(Rights rights, byte[] state) {
        StateReader reader = new StateReader(state, 0, state.length);
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        while (reader.hasRemaining()) {
            header.wrap(reader.buffer(), reader.position());
            assertTrue(rights.readState(reader, header));
        }
        rights.restored();
    }

    /** Accounts with parents, which the engine's own do not have everywhere. */
    private static final class Tree implements Rights.AccountTree {
        private final List<Long> ids = new ArrayList<>();
        private final List<Integer> parents = new ArrayList<>();

        void add(long id, int parentSlot) {
            ids.add(id);
            parents.add(parentSlot);
        }

        @Override
        public int size() {
            return ids.size();
        }

        @Override
        public long id(int slot) {
            return ids.get(slot);
        }

        @Override
        public int parent(int slot) {
            return parents.get(slot);
        }
    }
}
