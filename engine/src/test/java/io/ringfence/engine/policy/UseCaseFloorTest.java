package io.ringfence.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.policy.Policy.UseCase;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UseCaseFloorTest {
    @ParameterizedTest
    @CsvSource({ // hard, asked, floor, is the hard floor its source?
        "5000, 4999, 5000, true",
        "5000, 5000, 5000, false",
        "5000, 5001, 5001, false",
        "0, 0, 0, false",
        "9000, 8000, 9000, true"
    })
    void shouldNeverGoBelowTheHardFloor(int hardBps, int askedBps, int floorBps, boolean isRaised) {
        UseCase useCase = useCase(hardBps, 0);

        assertEquals(floorBps, useCase.floorBps(askedBps));
        assertEquals(isRaised, useCase.raises(askedBps));
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
        assertEquals(recommendedBps, useCase(0, useCaseBps).recommendedFloorBps(tierBps, stepBps));
    }

    private static UseCase useCase(int hardFloorBps, int recommendedFloorBps) {
        UseCase.Defaults defaults = new UseCase.Defaults(0, 0, 0, 0, 0, 0);
        return new UseCase(0, defaults, hardFloorBps, recommendedFloorBps, 0, List.of());
    }
}
