package io.ringfence.perf.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Gives a process a wall clock that is ahead, from outside: a small library, built here with the C compiler, stands between the process
 * and the kernel's clock. Needs {@code cc}.
 */
final class WrongClock {
    private static final long BUILD_S = 60;
    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stdlib.h>
            #include <sys/time.h>
            #include <time.h>

            static long ahead(void) {
                const char *seconds = getenv("SOAK_CLOCK_AHEAD_S");
                return seconds ? atol(seconds) : 0;
            }

            int clock_gettime(clockid_t id, struct timespec *at) {
                static int (*kernel)(clockid_t, struct timespec *);
                if (!kernel) kernel = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
                int result = kernel(id, at);
                if (result == 0 && id == CLOCK_REALTIME) at->tv_sec += ahead();
                return result;
            }

            int gettimeofday(struct timeval *restrict at, void *restrict zone) {
                struct timespec now;
                (void) zone;
                if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
                at->tv_sec = now.tv_sec;
                at->tv_usec = now.tv_nsec / 1000;
                return 0;
            }
            """;

    private final Path library;

    private WrongClock(Path library) {
        this.library = library;
    }

    /**
     * Builds the library in a directory.
     *
     * @return null where there is no C compiler.
     */
    static WrongClock build(Path directory) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("clock.c"), SOURCE);
        Path library = directory.resolve("clock.so");
        Process compiler;
        try {
            compiler = new ProcessBuilder(
                            "cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noCompiler) {
            return null;
        }
        if (!compiler.waitFor(BUILD_S, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
            compiler.destroyForcibly();
            throw new IOException("the C compiler cannot build a library from " + source);
        }
        return new WrongClock(library);
    }

    /** What the environment of a process needs for a clock that is ahead. */
    Map<String, String> ahead(long seconds) {
        return Map.of("LD_PRELOAD", library.toString(), "SOAK_CLOCK_AHEAD_S", Long.toString(seconds));
    }
}
