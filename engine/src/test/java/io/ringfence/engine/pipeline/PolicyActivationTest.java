package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringfence.engine.command.CommandType;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyActivationTest {
    private static final EngineSettings SETTINGS = EngineSettings.defaults(1, new byte[32]);

    private final Commands commands = new Commands();
    private final Engine engine = new Engine(SETTINGS, new MemoryLog(), SnapshotSink.NONE);
    private final DecisionEvent event = new DecisionEvent();

    @BeforeEach
    void beginJournal() {
        apply(CommandType.SETTINGS, SETTINGS.encode());
    }

    @Test
    void shouldPutAWholePolicyIntoForce() {
        assertEquals(ReasonCode.APPLIED, activate(commands.policy(3)));

        assertEquals(3, engine.policy().epoch());
    }

    @Test
    void shouldTakeNoPolicyThatLacksAPart() {
        for (int missing = 0; missing < 4; missing++) {
            List<byte[]> policy = commands.policy(3 + missing);
            policy.remove(missing);

            assertEquals(ReasonCode.POLICY_INCOMPLETE, activate(policy), "missing=" + missing);
            assertNull(engine.policy());
        }
    }

    @Test
    void shouldTakeNoPolicyWhosePartsHaveOtherDigestsThanAnnounced() {
        activate(commands.policy(3));
        List<byte[]> otherNames = commands.policy(4);
        otherNames.set(2, commands.part(4, PolicySection.NAMES, new byte[] {9}));
        List<byte[]> otherCatalog = commands.policy(5);
        otherCatalog.set(0, commands.policy(6).get(0));

        assertEquals(ReasonCode.POLICY_INCOMPLETE, activate(otherNames));
        activate(otherCatalog);

        assertEquals(3, engine.policy().epoch());
    }

    @Test
    void shouldTakeNoEpochThatIsNotNewer() {
        activate(commands.policy(3));

        assertEquals(ReasonCode.EPOCH_NOT_NEWER, activate(commands.policy(3)));
        assertEquals(ReasonCode.EPOCH_NOT_NEWER, activate(commands.policy(2)));
        assertEquals(3, engine.policy().epoch());
    }

    @Test
    void shouldTakeNoEpochThatUsesUpThoseThatAreLeft() {
        long jump = 1L << 56;
        assertEquals(ReasonCode.POLICY_INCOMPLETE, activate(commands.policy((1L << 61) + 1)));
        assertEquals(ReasonCode.POLICY_INCOMPLETE, activate(commands.policy(Long.MAX_VALUE)));
        assertEquals(ReasonCode.EPOCH_NOT_NEWER, activate(commands.policy(-1)));

        assertEquals(ReasonCode.APPLIED, activate(commands.policy(1L << 61)));
        assertEquals(ReasonCode.POLICY_INCOMPLETE, activate(commands.policy((1L << 61) + jump + 1)));
        assertEquals(ReasonCode.APPLIED, activate(commands.policy((1L << 61) + jump)));
        assertEquals(ReasonCode.APPLIED, activate(commands.policy((1L << 61) + jump + 1)));
    }

    @Test
    void shouldForgetTheEpochOfARefusedPiece() {
        byte[] outsideItsSection = commands.part(9, PolicySection.CATALOG, 1, 1, new byte[] {1});

        assertEquals(ReasonCode.FIELD_OUT_OF_RANGE, apply(CommandType.POLICY_PART, outsideItsSection));

        assertEquals(ReasonCode.APPLIED, activate(commands.policy(3)));
    }

    @Test
    void shouldTakeAPolicyAgainThatWasSentInPartWithAnotherCount() {
        apply(CommandType.POLICY_PART, commands.part(3, PolicySection.CATALOG, 0, 2, new byte[] {1}));

        assertEquals(ReasonCode.APPLIED, activate(commands.policy(3)));
    }

    /** Applies parts, then the activation, which stands last; gives what became of that. */
    private ReasonCode activate(List<byte[]> policy) {
        policy.subList(0, policy.size() - 1).forEach(part -> apply(CommandType.POLICY_PART, part));
        return apply(CommandType.POLICY_ACTIVATE, policy.get(policy.size() - 1));
    }

    private ReasonCode apply(CommandType type, byte[] bytes) {
        long sequence = engine.lastSequence() + 1;
        event.accept(type, sequence, sequence, 0, 0, new UnsafeBuffer(bytes), 0, bytes.length);
        engine.apply(event);
        return event.verdict().reason();
    }
}
