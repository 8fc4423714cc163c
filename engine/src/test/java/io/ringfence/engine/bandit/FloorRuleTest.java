package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.FloorSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloorRuleTest {
    private final FloorRule rule = new FloorRule();

    @ParameterizedTest
    @CsvSource({ // hard, asked, whose, floor, source
        "5000, 4999, CLIENT, 5000, HARD",
        "5000, 5000, CLIENT, 5000, CLIENT",
        "5000, 5001, CLIENT, 5001, CLIENT",
        "0, 0, RECOMMENDED, 0, RECOMMENDED",
        "9000, 8000, RECOMMENDED, 9000, HARD"
    })
    void shouldNeverGoBelowTheHardFloor(
            int hardBps, int askedBps, FloorSource asked, int floorBps, FloorSource source) {
        rule.resolve(hardBps, askedBps, asked);

        assertEquals(floorBps, rule.floorBps());
        assertEquals(source, rule.source());
    }

    @ParameterizedTest
    @CsvSource({ // use case, tier, step, recommended
        "6000, 7000, 0, 7000",
        "7000, 6000, 0, 7000",
        "7000, 6000, 250, 7250",
        "7000, 6000, -100, 6900",
        "9900, 0, 750, 10000",
        "50, 0, -100, 0"
    })
    void shouldRecommendTheHigherFloorMovedByTheStep(int useCaseBps, int tierBps, int stepBps, int recommendedBps) {
        assertEquals(recommendedBps, FloorRule.recommendedBps(useCaseBps, tierBps, stepBps));
    }
}
