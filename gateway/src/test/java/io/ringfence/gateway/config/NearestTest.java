package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void shouldFindTheWordWithTheFewestEdits() {
        assertEquals(Optional.of("durability"), Nearest.of("durabilty", List.of("data_dir", "durability", "mode")));
        assertEquals(Optional.of("XNAS"), Nearest.of("xnas", List.of("XNYS", "XNAS")));
    }

    @Test
    void shouldNameAllWhereNothingIsNear() {
        assertEquals(Optional.empty(), Nearest.of("colour", List.of("mode", "policy")));
        assertEquals("known are mode, policy", Nearest.hint("colour", List.of("mode", "policy")));
        assertEquals("known are none", Nearest.hint("colour", List.of()));
    }
}
