package io.ringfence.engine.bandit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.Tristate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LessonTest {
    @ParameterizedTest
    @CsvSource({ // disposition, success, quality, successes, failures
        "APPLIED, YES, 65535, 256, 0",
        "APPLIED, NO, 65535, 0, 256",
        "APPLIED, NO, 10000, 256, 0",
        "APPLIED, YES, 0, 0, 256",
        "APPLIED, UNKNOWN, 5000, 128, 128",
        "APPLIED, UNKNOWN, 19, 0, 256",
        "APPLIED, UNKNOWN, 20, 1, 255",
        "APPLIED, UNKNOWN, 9981, 256, 0",
        "APPLIED, UNKNOWN, 9980, 255, 1",
    })
    void shouldGradeWhatWasDone(
            Disposition disposition, Tristate success, int qualityBps, int successes, int failures) {
        int lesson = Lesson.of(disposition, success, qualityBps);

        assertEquals(successes, Lesson.successes(lesson));
        assertEquals(failures, Lesson.failures(lesson));
    }

    @ParameterizedTest
    @CsvSource({
        "APPLIED, UNKNOWN, 65535",
        "APPLIED, NULL_VAL, 65535",
        "ABANDONED, YES, 10000",
        "IN_FLIGHT, NO, 0",
        "NULL_VAL, YES, 10000"
    })
    void shouldTeachNothingFromWhatIsNotKnownOrNotDone(Disposition disposition, Tristate success, int qualityBps) {
        assertEquals(Lesson.NOTHING, Lesson.of(disposition, success, qualityBps));
    }
}
