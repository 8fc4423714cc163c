package io.ringfence.perf.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void shouldTellByHowMuchASeriesRises() {
        assertEquals(30, Figures.rise(List.of(10L, 20L, 30L, 40L)), 1e-9);
        assertEquals(0, Figures.rise(List.of(10L, 20L, 20L, 10L)), 1e-9);
        assertEquals(-6, Figures.rise(List.of(8L, 2L)), 1e-9);
        assertEquals(0, Figures.rise(List.of(8L)));
    }

    @Test
    void shouldKeepTheHighestFiguresOfEachLife() {
        Figures figures = new Figures();

        figures.sample(ProcessHandle.current().pid());
        figures.endLife();
        figures.endLife();

        assertTrue(figures.memoryBytes().get(0) > 1 << 20);
        assertTrue(figures.files().get(0) > 2);
        assertEquals(
                List.of(0L, 0L),
                List.of(figures.memoryBytes().get(1), figures.files().get(1)));
    }
}
