package io.ringfence.engine.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final long EPOCH = 5;
    private static final Catalog CATALOG = Catalog.trusted(
                    new Catalog.Head(EPOCH, 1, 9_000, 0, 0, 0),
                    List.of(new Candidate(1, 0, 9_000, 10_000, 1, 100, 0, 0, 1, 1)))
            .value();

    private final byte[] catalogBytes = CatalogCodec.encode(CATALOG);
    private final byte[] adaptiveBytes = AdaptiveCodec.encode(AdaptiveSamples.atTheEnds());

    @Test
    void shouldSpellOutItsSections() {
        Policy policy = Policy.decode(EPOCH, catalogBytes, adaptiveBytes);

        assertEquals(EPOCH, policy.epoch());
        assertEquals(1, policy.catalog().count());
        assertEquals(AdaptiveSamples.atTheEnds(), policy.adaptive());
        assertArrayEquals(Policy.digestOf(CATALOG), policy.digest());
    }

    @Test
    void shouldKnowOnlyItsUseCases() {
        Policy policy = Policy.decode(EPOCH, catalogBytes, adaptiveBytes);

        assertEquals(0, policy.useCase(0).code());
        assertEquals(63, policy.useCase(63).code());
        assertNull(policy.useCase(1));
        assertNull(policy.useCase(-1));
        assertNull(policy.useCase(64));
        assertNull(policy.useCase(255));
    }

    @Test
    void shouldKnowTheFloorsOfItsTiers() {
        Policy policy = Policy.decode(EPOCH, catalogBytes, adaptiveBytes);

        assertEquals(0, policy.tierFloorBps(0));
        assertEquals(10_000, policy.tierFloorBps(1));
    }

    @Test
    void shouldRefuseSectionsThatSpellNoPolicyAndCatalogsOfAnotherEpoch() {
        assertNull(Policy.decode(EPOCH, Arrays.copyOf(catalogBytes, 3), adaptiveBytes));
        assertNull(Policy.decode(EPOCH, catalogBytes, Arrays.copyOf(adaptiveBytes, 3)));
        assertNull(Policy.decode(EPOCH + 1, catalogBytes, adaptiveBytes));
    }
}
