package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.Tristate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAX_AGE = 60 * SECOND;
    private static final int PROVIDER = 5;

    private final Circuits circuits = new Circuits(MAX_AGE);

    @Test
    void shouldOpenAtTheTenthFailureInARow() {
        failures(1, 9, 100 * SECOND);
        assertEquals(0, circuits.open());

        assertTrue(circuits.observe(PROVIDER, 10, 100 * SECOND, 101 * SECOND, Tristate.NO));

        assertEquals(1L << PROVIDER, circuits.open());
        assertEquals(0, circuits.ready(130 * SECOND));
        assertEquals(1L << PROVIDER, circuits.ready(131 * SECOND));
    }

    @Test
    void shouldBeginAnewAtASuccess() {
        failures(1, 9, 100 * SECOND);
        circuits.observe(PROVIDER, 10, 100 * SECOND, 101 * SECOND, Tristate.YES);
        failures(11, 9, 100 * SECOND);

        assertEquals(0, circuits.open());
    }

    @Test
    void shouldCountEachDecisionOnce() {
        for (int i = 0; i < 30; i++) {
            circuits.observe(PROVIDER, 1 + i % 9, 100 * SECOND, 101 * SECOND, Tristate.NO);
        }

        assertEquals(0, circuits.open());
    }

    @Test
    void shouldLeaveOutWhatSaysNothingOrNamesNoProvider() {
        failures(1, 9, 100 * SECOND);

        assertFalse(circuits.observe(PROVIDER, 10, 100 * SECOND, 101 * SECOND, Tristate.UNKNOWN));
        assertFalse(circuits.observe(255, 10, 100 * SECOND, 101 * SECOND, Tristate.NO));
        assertFalse(circuits.observe(PROVIDER + 1, 10, 100 * SECOND, 101 * SECOND, Tristate.NO));
        assertEquals(0, circuits.open());
        assertTrue(circuits.observe(PROVIDER, 11, 100 * SECOND, 101 * SECOND, Tristate.NO));
    }

    /** Neither failures nor successes of decisions as old as the setting count. */
    @Test
    void shouldNotOpenByALateBatch() {
        for (int i = 0; i < 100; i++) {
            assertFalse(circuits.observe(PROVIDER, 1 + i, 100 * SECOND, 100 * SECOND + MAX_AGE, Tristate.NO));
        }
        failures(201, 9, 500 * SECOND);
        circuits.observe(PROVIDER, 150, 100 * SECOND, 100 * SECOND + MAX_AGE, Tristate.YES);

        assertTrue(circuits.observe(PROVIDER, 300, 500 * SECOND, 500 * SECOND + MAX_AGE - 1, Tristate.NO));
    }

    @Test
    void shouldNeverOpenWithAnAgeOfNothing() {
        Circuits off = new Circuits(0);

        for (int i = 0; i < 100; i++) {
            assertFalse(off.observe(PROVIDER, 1 + i, SECOND, SECOND, Tristate.NO));
        }
    }

    @Test
    void shouldCloseAtASuccessOfItsProbeAlone() {
        open();
        circuits.observe(PROVIDER, 10, 100 * SECOND, 120 * SECOND, Tristate.YES); // Of before the opening.
        assertEquals(1L << PROVIDER, circuits.open());
        circuits.probe(PROVIDER, 50, 140 * SECOND);
        circuits.observe(PROVIDER, 11, 100 * SECOND, 141 * SECOND, Tristate.YES);
        assertEquals(1L << PROVIDER, circuits.open());

        assertFalse(circuits.observe(PROVIDER, 50, 140 * SECOND, 142 * SECOND, Tristate.YES));

        assertEquals(0, circuits.open());
    }

    @Test
    void shouldOpenAgainForAsLongAtAFailureOfItsProbe() {
        open();
        circuits.probe(PROVIDER, 50, 140 * SECOND);

        assertTrue(circuits.observe(PROVIDER, 50, 140 * SECOND, 150 * SECOND, Tristate.NO));

        assertEquals(1L << PROVIDER, circuits.open());
        assertEquals(0, circuits.ready(180 * SECOND - 1));
        assertEquals(1L << PROVIDER, circuits.ready(180 * SECOND));
    }

    /** A probe whose outcome does not come holds up the next for the same time; when it comes later, it decides all the same. */
    @Test
    void shouldProbeAgainWhereTheOutcomeNeverComes() {
        open();
        circuits.probe(PROVIDER, 50, 140 * SECOND);
        assertEquals(0, circuits.ready(170 * SECOND - 1));
        assertEquals(1L << PROVIDER, circuits.ready(170 * SECOND));
        circuits.probe(PROVIDER, 60, 175 * SECOND);

        circuits.observe(PROVIDER, 50, 140 * SECOND, 140 * SECOND + 100 * MAX_AGE, Tristate.YES);

        assertEquals(0, circuits.open());
    }

    @Test
    void shouldNotCountWhatWasDecidedBeforeTheProbeOnceItIsClosed() {
        open();
        circuits.probe(PROVIDER, 50, 140 * SECOND);
        circuits.observe(PROVIDER, 50, 140 * SECOND, 141 * SECOND, Tristate.YES);

        failures(20, 20, 141 * SECOND);
        assertEquals(0, circuits.open());

        failures(51, 10, 141 * SECOND);
        assertEquals(1L << PROVIDER, circuits.open());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Tag("model")
    void shouldDoAsAPlainTwinDoesAlsoWhenRestored(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Circuits real = new Circuits(MAX_AGE);
        PlainCircuit[] twins = new PlainCircuit[3];
        Arrays.setAll(twins, i -> new PlainCircuit());
        long now = SECOND;
        int opened = 0;
        int closed = 0;
        List<long[]> decisions = new ArrayList<>(); // Sequence, time, provider.
        for (int sequence = 1; sequence <= 20_000; sequence++) {
            now += random.nextLong(2 * SECOND);
            int at = random.nextInt(twins.length);
            if (random.nextInt(3) == 0 || decisions.isEmpty()) {
                boolean isReady = (real.ready(now) & 1L << at) != 0;
                assertEquals(twins[at].isReady(now), isReady, "seed=" + seed + " sequence=" + sequence);
                if (isReady) {
                    real.probe(at, sequence, now);
                    twins[at].probe(sequence, now);
                }
                if (isReady || (real.open() & 1L << at) == 0) {
                    decisions.add(new long[] {sequence, now, at});
                }
            } else {
                long[] of = decisions.get(Math.max(0, decisions.size() - 1 - random.nextInt(20)));
                boolean isBad = sequence / 500 % 2 == 1;
                Tristate said = random.nextInt(10) == 0
                        ? Tristate.UNKNOWN
                        : random.nextInt(isBad ? 50 : 2) == 0 ? Tristate.YES : Tristate.NO;
                boolean wasOpen = (real.open() & 1L << of[2]) != 0;
                real.observe((int) of[2], of[0], of[1], now, said);
                twins[(int) of[2]].observe(of[0], of[1], now, said);
                boolean isOpen = (real.open() & 1L << of[2]) != 0;
                opened += !wasOpen && isOpen ? 1 : 0;
                closed += wasOpen && !isOpen ? 1 : 0;
            }
            for (int i = 0; i < twins.length; i++) {
                assertEquals(twins[i].isOpen(), (real.open() & 1L << i) != 0, "seed=" + seed + " at=" + sequence);
            }
            if (sequence % 1_009 == 0) {
                real = restored(real);
            }
        }
        assertTrue(opened > 5 && closed > 5, "opened=" + opened + " closed=" + closed);
    }

    private static Circuits restored(Circuits circuits) {
        byte[] state = state(circuits);
        Circuits other = new Circuits(MAX_AGE);
        StateReader reader = new StateReader(state, 0, state.length);
        MessageHeaderDecoder header = new MessageHeaderDecoder();
        while (reader.hasRemaining()) {
            assertTrue(other.readState(reader, header.wrap(reader.buffer(), reader.position())));
        }
        assertArrayEquals(state, state(other));
        return other;
    }

    private static byte[] state(Circuits circuits) {
        StateWriter writer = new StateWriter();
        circuits.writeState(writer, new MessageHeaderEncoder());
        assertEquals(circuits.stateLength(), writer.position());
        return Arrays.copyOf(writer.byteArray(), writer.position());
    }

    private void failures(long firstDecision, int count, long decidedNs) {
        for (int i = 0; i < count; i++) {
            circuits.observe(PROVIDER, firstDecision + i, decidedNs, decidedNs + SECOND, Tristate.NO);
        }
    }

    private void open() {
        failures(1, 10, 100 * SECOND);
        assertEquals(1L << PROVIDER, circuits.open());
    }

    /** The same rules in plain words, of one provider. */
    private static final class PlainCircuit {
        private final List<Long> failed = new ArrayList<>();
        private Long nextProbeNs; // Null: closed.
        private Long firstProbe;

        boolean isOpen() {
            return nextProbeNs != null;
        }

        boolean isReady(long now) {
            return isOpen() && now >= nextProbeNs;
        }

        void probe(long sequence, long now) {
            firstProbe = firstProbe == null ? Long.valueOf(sequence) : firstProbe;
            nextProbeNs = now + 30 * SECOND;
        }

        void observe(long decision, long decidedNs, long now, Tristate said) {
            if (said == Tristate.UNKNOWN || firstProbe != null && decision < firstProbe) {
                return;
            }
            if (isOpen() && firstProbe == null) {
                return;
            }
            if (isOpen() && said == Tristate.YES) {
                nextProbeNs = null;
                return;
            }
            if (!isOpen() && now - decidedNs >= MAX_AGE) {
                return;
            }
            if (said == Tristate.YES) {
                failed.clear();
                return;
            }
            if (!failed.contains(decision)) {
                failed.add(decision);
            }
            if (isOpen() || failed.size() == 10) {
                failed.clear();
                firstProbe = null;
                nextProbeNs = now + 30 * SECOND;
            }
        }
    }
}
