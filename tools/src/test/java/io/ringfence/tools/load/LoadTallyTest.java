package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.ReasonCode;
import java.util.Arrays;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LoadTallyTest {
    private final LoadTally tally = new LoadTally();

    @Test
    void shouldCountEachOrderOnceUnderWhatCameOfIt() {
        tally.decided(decision(1, Action.EXECUTE, ReasonCode.REQUESTED_IS_BEST, 1));
        tally.decided(decision(2, Action.SUBSTITUTE, ReasonCode.BETTER_CANDIDATE, 5));
        tally.decided(decision(3, Action.REJECT, ReasonCode.BUDGET_EXHAUSTED, 0));
        tally.decided(decision(4, Action.NOTHING_GRANTED, ReasonCode.ACCOUNT_UNKNOWN, 0));
        tally.refused(ReasonCode.DISK_LOW);
        tally.pressed();

        assertEquals(5, tally.requests());
        assertEquals(2, tally.admitted());
        assertEquals(1, tally.substituted());
        assertEquals(2, tally.rejected());
        assertEquals(1, tally.refused());
        assertEquals(tally.requests(), tally.admitted() + tally.rejected() + tally.refused());
        assertEquals(1, tally.retries());
        assertEquals(Map.of(ReasonCode.BUDGET_EXHAUSTED, 1L, ReasonCode.ACCOUNT_UNKNOWN, 1L), tally.rejectedBecause());
        assertEquals(Map.of(ReasonCode.DISK_LOW, 1L), tally.refusedBecause());
        assertEquals(Map.of(5L, 1L), tally.actedInstead());
    }

    @Test
    void shouldCountAsMessagesWhatTookASequence() {
        tally.decided(decision(1, Action.EXECUTE, ReasonCode.REQUESTED_IS_BEST, 1));
        tally.refused(ReasonCode.DISK_LOW);
        tally.replaceAnswered(true);
        tally.replaceAnswered(false);
        tally.executionAnswered(true);
        tally.outcomeAnswered(false);

        assertEquals(5, tally.messages());
        assertEquals(1, tally.executions());
        assertEquals(0, tally.executionsDenied());
        assertEquals(1, tally.replacesDenied());
        assertEquals(1, tally.outcomesDenied());
    }

    @Test
    void shouldKeepTheHeadOfTheHighestSequence() {
        tally.head(decision(8, Action.EXECUTE, ReasonCode.REQUESTED_IS_BEST, 1));
        tally.head(decision(7, Action.EXECUTE, ReasonCode.REQUESTED_IS_BEST, 1));

        byte[] expected = new byte[LoadTally.HASH_LENGTH];
        Arrays.fill(expected, (byte) 8);
        assertEquals(8, tally.headSequence());
        assertArrayEquals(expected, tally.headHash());
    }

    private static AdmissionDecisionDecoder decision(long sequence, Action action, ReasonCode reason, long actedId) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[AdmissionDecisionEncoder.BLOCK_LENGTH]);
        byte[] hash = new byte[LoadTally.HASH_LENGTH];
        Arrays.fill(hash, (byte) sequence);
        new AdmissionDecisionEncoder()
                .wrap(buffer, 0)
                .sequence(sequence)
                .action(action)
                .reason(reason)
                .actedCandidateId(actedId)
                .putEntryHash(hash, 0, hash.length);
        return new AdmissionDecisionDecoder()
                .wrap(buffer, 0, AdmissionDecisionDecoder.BLOCK_LENGTH, AdmissionDecisionDecoder.SCHEMA_VERSION);
    }
}
