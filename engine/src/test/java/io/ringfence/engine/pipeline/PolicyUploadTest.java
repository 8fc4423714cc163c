package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.policy.AdaptiveCodec;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Role;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client brings a policy in small pieces and puts it into force. */
class PolicyUploadTest {
    private static final int POLICY_BYTES_MAX = 1 << 20;
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);
    private static final int RISK = 2;
    private static final int OPERATOR = 3;
    private static final int TRADER = 4;
    private static final int NARROW = 5;

    private final Commands commands = new Commands();
    private final UploadCommands uploads = new UploadCommands();
    private final DecisionEvent event = new DecisionEvent();
    private Engine engine;

    @BeforeEach
    void beginJournal() {
        engine = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
        apply(CommandType.SETTINGS, 0, SETTINGS.encode());
        apply(CommandType.PRINCIPAL, 0, commands.principal(RISK, Role.RISK, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(OPERATOR, Role.OPERATOR, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(TRADER, Role.TRADER, AccountScope.ALL));
        apply(CommandType.PRINCIPAL, 0, commands.principal(NARROW, Role.OPERATOR, AccountScope.LISTED));
    }

    @Test
    void shouldPutAWholeUploadIntoForceInWhateverOrderItsPiecesCome() {
        assertEquals(ReasonCode.APPLIED, bring(RISK, uploads.policy(1, 3, 4)));
        assertEquals(3, engine.policy().epoch());

        assertEquals(ReasonCode.APPLIED, bring(OPERATOR, uploads.policy(1, 4, 3)));
        assertEquals(4, engine.policy().epoch());
        assertEquals(3, engine.policy().adaptive().tierCount());
    }

    @Test
    void shouldTakeNoUploadThatLacksAPiece() {
        int pieces = uploads.policy(1, 3, 4).size() - 1;
        for (int missing = 1; missing < pieces; missing++) {
            List<byte[]> policy = uploads.policy(1 + 100L * missing, 3, 4);
            policy.remove(missing);

            assertEquals(ReasonCode.POLICY_INCOMPLETE, bring(RISK, policy), "missing=" + missing);
            assertNull(engine.policy());
        }
    }

    @Test
    void shouldTakeNoUploadOfOtherDigests() {
        for (int other = 0; other < 4; other++) {
            List<byte[]> announced = new ArrayList<>(UploadCommands.sections(3, 4));
            announced.set(other, new byte[] {9});
            List<byte[]> policy = uploads.policy(1 + 100L * other, 3, 4);
            int last = policy.size() - 1;
            long requestId = 1 + 100L * other;
            policy.set(last, uploads.change(requestId + last, requestId, 3, announced));

            assertEquals(ReasonCode.POLICY_INCOMPLETE, bring(RISK, policy), "other=" + other);
            assertNull(engine.policy());
        }
    }

    @Test
    void shouldTakeNoUploadThatIsNoPolicyOrOfAnotherEpochThanItSays() {
        List<byte[]> garbage = new ArrayList<>(UploadCommands.sections(3, 4));
        garbage.set(0, new byte[] {1, 2, 3});

        assertEquals(ReasonCode.POLICY_INVALID, bring(RISK, uploads.policy(1, 3, garbage)));
        assertEquals(ReasonCode.POLICY_INVALID, bring(RISK, uploads.policy(100, 3, UploadCommands.sections(4, 4))));
        assertNull(engine.policy());
    }

    @Test
    void shouldRefuseAnEpochThatIsNotAboveTheActiveOneWithTheFirstPiece() {
        bring(RISK, uploads.policy(1, 3, 4));
        for (long epoch = 1; epoch <= 3; epoch++) {
            List<byte[]> policy = uploads.policy(1 + 100 * epoch, epoch, 4);

            assertEquals(ReasonCode.EPOCH_NOT_NEWER, apply(CommandType.POLICY_PIECE, RISK, policy.get(0)));
            assertEquals(
                    ReasonCode.EPOCH_NOT_NEWER, apply(CommandType.POLICY_CHANGE, RISK, policy.get(policy.size() - 1)));
        }
        long tooFar = PolicyAssembly.highestAfter(3) + 1;
        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE,
                apply(
                        CommandType.POLICY_PIECE,
                        RISK,
                        uploads.policy(1_000, tooFar, 4).get(0)));
        assertEquals(3, engine.policy().epoch());
    }

    @Test
    void shouldBelieveOnlyPrincipalsWhoMayActOnAllAccounts() {
        assertEquals(ReasonCode.ROLE_NOT_PERMITTED, bring(TRADER, uploads.policy(1, 3, 4)));
        assertEquals(ReasonCode.ACCOUNT_NOT_PERMITTED, bring(NARROW, uploads.policy(1, 3, 4)));
        assertNull(engine.policy());
    }

    @Test
    void shouldGoOnWithTheUploadThatWasBegunLast() {
        List<byte[]> first = uploads.policy(1, 3, 4);
        List<byte[]> second = uploads.policy(1, 4, 3);
        int pieces = Math.min(first.size(), second.size()) - 1;
        ReasonCode ofFirst = ReasonCode.NONE;
        for (int i = 0; i < pieces; i++) {
            ofFirst = apply(CommandType.POLICY_PIECE, RISK, first.get(i));
            assertEquals(ReasonCode.APPLIED, apply(CommandType.POLICY_PIECE, OPERATOR, second.get(i)), "i=" + i);
        }
        assertEquals(ReasonCode.POLICY_INCOMPLETE, ofFirst);

        assertEquals(ReasonCode.POLICY_INCOMPLETE, bring(RISK, first.subList(pieces, first.size())));
        assertEquals(ReasonCode.APPLIED, bring(OPERATOR, second.subList(pieces, second.size())));
        assertEquals(4, engine.policy().epoch());
    }

    @Test
    void shouldNotLetAnotherPrincipalActivateAnUpload() {
        List<byte[]> policy = uploads.policy(1, 3, 4);
        int last = policy.size() - 1;
        policy.subList(0, last).forEach(piece -> apply(CommandType.POLICY_PIECE, RISK, piece));

        assertEquals(ReasonCode.POLICY_INCOMPLETE, apply(CommandType.POLICY_CHANGE, OPERATOR, policy.get(last)));
        assertEquals(ReasonCode.APPLIED, apply(CommandType.POLICY_CHANGE, RISK, policy.get(last)));
    }

    @Test
    void shouldAnswerARepeatedPieceOrChangeAsBeforeAndChangeNothing() {
        List<byte[]> policy = uploads.policy(1, 3, 4);
        bring(RISK, policy);
        byte[] digest = engine.policy().digest();

        for (byte[] command : policy) {
            boolean isChange = command == policy.get(policy.size() - 1);
            apply(isChange ? CommandType.POLICY_CHANGE : CommandType.POLICY_PIECE, RISK, command);
            assertEquals(true, event.isDuplicate());
        }
        assertArrayEquals(digest, engine.policy().digest());
    }

    @Test
    void shouldForgetAnUploadWhenAnotherPolicyComesIntoForce() {
        List<byte[]> policy = uploads.policy(1, 5, 4);
        int last = policy.size() - 1;
        policy.subList(0, last).forEach(piece -> apply(CommandType.POLICY_PIECE, RISK, piece));

        List<byte[]> ofStart = commands.policy(4);
        ofStart.subList(0, 4).forEach(part -> apply(CommandType.POLICY_PART, 0, part));

        assertEquals(ReasonCode.APPLIED, apply(CommandType.POLICY_ACTIVATE, 0, ofStart.get(4)));
        assertEquals(ReasonCode.POLICY_INCOMPLETE, apply(CommandType.POLICY_CHANGE, RISK, policy.get(last)));
        assertEquals(4, engine.policy().epoch());
    }

    @Test
    void shouldGoOnAfterASnapshotTakenBetweenAnyTwoPieces() {
        List<byte[]> policy = uploads.policy(1, 3, 4);
        for (int taken = 0; taken < policy.size(); taken++) {
            beginJournal();
            bring(RISK, policy.subList(0, taken));
            long length = engine.state().length();
            Engine restored = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
            engine.state().copyTo(restored);
            assertArrayEquals(engine.stateDigest(), restored.stateDigest(), "taken=" + taken);
            assertEquals(length, restored.state().length());

            engine = restored;
            assertEquals(ReasonCode.APPLIED, bring(RISK, policy.subList(taken, policy.size())), "taken=" + taken);
            assertEquals(3, engine.policy().epoch());
        }
    }

    @Test
    void shouldTakeAPolicyOfExactlyTheBytesThatAreAllowedAndNoneMore() {
        EngineSettings small = new EngineSettings(
                1,
                1_000_000L,
                64,
                400,
                100,
                250,
                100,
                65_536,
                100_000_000L,
                false,
                true,
                new Bounds(4, 4, 4, 4, POLICY_BYTES_MAX),
                new byte[32]);
        for (int beyond = 1; beyond >= 0; beyond--) {
            engine = new Engine(small, new MemoryLog(), SnapshotSink.NONE);
            apply(CommandType.SETTINGS, 0, small.encode());
            apply(CommandType.PRINCIPAL, 0, commands.principal(RISK, Role.RISK, AccountScope.ALL));
            byte[] catalog = CatalogCodec.encode(Commands.catalog(3));
            byte[] adaptive = AdaptiveCodec.encode(Commands.adaptive(4));
            byte[] source = new byte[POLICY_BYTES_MAX - catalog.length - adaptive.length - 3 + beyond];
            List<byte[]> policy = uploads.policy(1, 3, List.of(catalog, adaptive, new byte[] {1, 2, 3}, source));

            ReasonCode last = bring(RISK, policy);

            assertEquals(beyond == 0 ? ReasonCode.APPLIED : ReasonCode.POLICY_INCOMPLETE, last);
        }
    }

    @Test
    void shouldTakeNoSectionThatAnnouncesMoreThanAllowed() {
        long most = (SETTINGS.bounds().policyBytes() + 447L) / 448 + 1;
        byte[] full = new byte[PolicyAssembly.PIECE_LENGTH];

        assertEquals(
                ReasonCode.BOUND_REACHED,
                apply(CommandType.POLICY_PIECE, RISK, uploads.piece(1, 1, 3, PolicySection.SOURCE, 0, most + 1, full)));
        assertEquals(
                ReasonCode.APPLIED,
                apply(CommandType.POLICY_PIECE, RISK, uploads.piece(2, 2, 3, PolicySection.NAMES, 0, most / 2, full)));
        assertEquals(
                ReasonCode.BOUND_REACHED,
                apply(CommandType.POLICY_PIECE, RISK, uploads.piece(3, 2, 3, PolicySection.SOURCE, 0, most, full)));
        assertEquals(
                ReasonCode.POLICY_INCOMPLETE,
                apply(CommandType.POLICY_PIECE, RISK, uploads.piece(4, 2, 3, PolicySection.NAMES, 0, 7, full)));
        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE,
                apply(CommandType.POLICY_PIECE, RISK, uploads.piece(5, 2, 3, PolicySection.SOURCE, 7, 7, full)));
    }

    /** To decode a long policy takes long: a change that is refused for its digests costs its sender the upload. */
    @Test
    void shouldDropACompleteUploadThatIsRefused() {
        List<byte[]> policy = uploads.policy(1, 3, 4);
        int last = policy.size() - 1;
        List<byte[]> other = new ArrayList<>(UploadCommands.sections(3, 4));
        other.set(3, new byte[] {9});
        policy.set(last, uploads.change(last + 1, 1, 3, other));

        assertEquals(ReasonCode.POLICY_INCOMPLETE, bring(RISK, policy));
        byte[] right = uploads.change(last + 2, 1, 3, UploadCommands.sections(3, 4));
        assertEquals(ReasonCode.POLICY_INCOMPLETE, apply(CommandType.POLICY_CHANGE, RISK, right));
        assertNull(engine.policy());
        assertEquals(ReasonCode.APPLIED, bring(RISK, uploads.policy(100, 3, 4)));
    }

    @Test
    void shouldLetNoClientUseUpTheEpochsThatAreLeft() {
        bring(RISK, uploads.policy(1, 3, 4));
        long most = 3 + (1L << 32);

        assertEquals(
                ReasonCode.FIELD_OUT_OF_RANGE,
                bring(RISK, uploads.policy(100, most + 1, 4).subList(0, 1)));
        assertEquals(ReasonCode.APPLIED, bring(RISK, uploads.policy(200, most, 4)));
        assertEquals(most, engine.policy().epoch());
    }

    /** Gives all of them; the last one's reason. */
    private ReasonCode bring(int principal, List<byte[]> policy) {
        ReasonCode last = ReasonCode.NONE;
        for (byte[] command : policy) {
            CommandType type = CommandType.ofTemplate(new UnsafeBuffer(command).getShort(2));
            last = apply(type, principal, command);
        }
        return last;
    }

    private ReasonCode apply(CommandType type, int principal, byte[] command) {
        long sequence = engine.lastSequence() + 1;
        event.accept(type, sequence, sequence, principal, principal, new UnsafeBuffer(command), 0, command.length);
        engine.apply(event);
        return event.verdict().reason();
    }
}
