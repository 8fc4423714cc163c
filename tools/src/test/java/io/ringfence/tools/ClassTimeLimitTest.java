package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.limit.ClassTimeLimit;
import io.ringfence.limit.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test that hangs ends its JVM, however it hangs. */
@Tag("system")
class ClassTimeLimitTest {
    @TempDir
    Path folder;

    /** A test class that waits for ever: it notices no interrupt. */
    static final class Spinning {
        public static void main(String[] args) {
            ClassTimeLimit.watch("io.ringfence.Spinning", 1);
            while (ClassTimeLimit.watchedClass() != null) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldWatchEachTestClass() {
        assertEquals(ClassTimeLimitTest.class.getName(), ClassTimeLimit.watchedClass());
    }

    @Test
    void shouldEndTheJvmOfAClassThatTakesTooLongAndShowWhereItStands() throws IOException, InterruptedException {
        Path err = folder.resolve("err.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Spinning.class.getName())
                .redirectError(err.toFile())
                .start();
        try {
            assertTrue(child.waitFor(120, TimeUnit.SECONDS), "it ends");
        } finally {
            child.destroyForcibly();
        }

        assertEquals(ClassTimeLimit.EXIT_CODE, child.exitValue());
        String said = Files.readString(err);
        assertTrue(said.startsWith("test class io.ringfence.Spinning took longer than 1 s: this JVM ends."), said);
        assertTrue(said.contains(Spinning.class.getName() + ".main("), said);
    }

    @Test
    void shouldFailALoopWhoseTimeIsUp() {
        Deadline deadline = Deadline.inSeconds(0);

        AssertionError late = assertThrows(AssertionError.class, () -> deadline.require("an answer"));

        assertEquals("not within 0 s: an answer", late.getMessage());
    }
}
