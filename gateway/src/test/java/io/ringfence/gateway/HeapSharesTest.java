package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.bounds.FactBounds;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.gateway.config.ConfigFault;
import org.junit.jupiter.api.Test;

class HeapSharesTest {
    private static final int SESSIONS = 64;
    private static final long GIB = 1L << 30;

    /** A quarter of 4 GiB is what a JVM takes by itself on a small machine. */
    @Test
    void shouldFitTheDefaultsIntoOneGibibyte() {
        HeapShares shares = HeapShares.of(EngineSettings.defaults(1, new byte[32]), SESSIONS);

        assertDoesNotThrow(() -> shares.require(GIB));
    }

    @Test
    void shouldSayInOneLineWhatIsNeededWhatIsThereAndWhichSettingToLower() {
        HeapShares shares = HeapShares.of(settings(Bounds.defaults().withHolds(16, 1_000_000)), SESSIONS);

        ConfigFault refused = assertThrows(ConfigFault.class, () -> shares.require(GIB));

        String line = refused.getMessage();
        assertEquals("deciding.holds_per_account", refused.field());
        assertEquals(1, line.lines().count());
        assertTrue(line.contains("the heap has 1024; the most is for deciding.holds_per_account, 6348 MiB"), line);
        long enough = Long.parseLong(line.replaceAll(".*-Xmx(\\d+)m.*", "$1"));
        assertTrue(line.contains("needs " + enough + " MiB"), line);
        assertDoesNotThrow(() -> shares.require(enough << 20));
    }

    @Test
    void shouldCountEverySettingThatBoundsMemory() {
        EngineSettings small = settings(new Bounds(1, 1, 1, 1, 1));
        long least = bytes(small, 1);

        assertTrue(bytes(settings(new Bounds(1_000, 1, 1, 1, 1)), 1) > least, "accounts");
        assertTrue(bytes(settings(new Bounds(1, 1_000, 1, 1, 1)), 1) > least, "holds");
        assertTrue(bytes(settings(new Bounds(1, 1, 1_000, 1, 1)), 1) > least, "positions");
        assertTrue(bytes(settings(new Bounds(1, 1, 1, 1_000, 1)), 1) > least, "principals");
        assertTrue(bytes(settings(new Bounds(1, 1, 1, 1, 1_000)), 1) > least, "policy");
        assertTrue(
                bytes(settings(new Bounds(1, 1, 1, 1, 1).withFacts(new FactBounds(1 << 20, 1))), 1) > least, "facts");
        assertTrue(
                bytes(settings(new Bounds(1, 1, 1, 1, 1).withCandidatePosteriors(1 << 20)), 1) > least, "posteriors");
        assertTrue(bytes(small, 1_000) > least, "sessions");
    }

    @Test
    void shouldRefuseWindowsForWhichThereIsNoRoomBesideTheHeap() {
        ConfigFault refused = assertThrows(ConfigFault.class, () -> HeapShares.requireBeside(1 << 22, 1 << 24, GIB));

        assertEquals("outcomes.window", refused.field());
        assertEquals(1, refused.getMessage().lines().count());
        long enough = Long.parseLong(refused.getMessage().replaceAll(".*MaxDirectMemorySize=(\\d+)m.*", "$1"));
        assertDoesNotThrow(() -> HeapShares.requireBeside(1 << 22, 1 << 24, enough << 20));
        assertDoesNotThrow(() -> HeapShares.requireBeside(1 << 18, 1 << 20, GIB));
    }

    private static long bytes(EngineSettings settings, int sessions) {
        return HeapShares.of(settings, sessions).shares().stream()
                .mapToLong(HeapShares.Share::bytes)
                .sum();
    }

    private static EngineSettings settings(Bounds bounds) {
        return new EngineSettings(
                1, 1_000_000L, 64, 400, 100, 250, 100, 256, 100_000_000L, false, true, bounds, new byte[32]);
    }
}
