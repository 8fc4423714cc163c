package io.ringfence.limit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Ends the JVM when a test class takes longer than its limit: prints the class and all stacks, kills the processes that the JVM started,
 * and halts. JUnit's own time-out interrupts a thread, which a thread that spins does not notice.
 *
 * <p>JUnit finds it in each module by itself. The root pom adds it to the sources of all tests.
 */
public final class ClassTimeLimit implements BeforeAllCallback, AfterAllCallback {
    /** System property with the limit in seconds. */
    public static final String LIMIT = "ringfence.test.class.limit";

    /** Exit code of a JVM that was ended. */
    public static final int EXIT_CODE = 99;

    private static final long DEFAULT_LIMIT_S = 900;

    private static volatile String watchedClass;

    private CountDownLatch ended;

    /** Name of the class whose time runs; null if there is none. */
    public static String watchedClass() {
        return watchedClass;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermost(context)) {
            ended = watch(context.getRequiredTestClass().getName(), Long.getLong(LIMIT, DEFAULT_LIMIT_S));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (isOutermost(context) && ended != null) {
            watchedClass = null;
            ended.countDown();
        }
    }

    private static boolean isOutermost(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }

    /** Ends the JVM after a time in seconds, unless the latch that is returned is counted down before. */
    public static CountDownLatch watch(String testClass, long limitS) {
        watchedClass = testClass;
        CountDownLatch ended = new CountDownLatch(1);
        Thread watch = new Thread(() -> await(ended, testClass, limitS), "time limit of " + testClass);
        watch.setDaemon(true);
        watch.setPriority(Thread.MAX_PRIORITY);
        watch.start();
        return ended;
    }

    private static void await(CountDownLatch ended, String testClass, long limitS) {
        try {
            if (ended.await(limitS, TimeUnit.SECONDS)) {
                return;
            }
            say(testClass, limitS);
        } catch (InterruptedException asked) {
            return;
        } finally {
            if (ended.getCount() > 0) {
                ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        }
    }

    /** Past the streams of the test runner, which may be what stands still. */
    private static void say(String testClass, long limitS) {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        err.println("test class " + testClass + " took longer than " + limitS + " s: this JVM ends. Its threads:");
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            err.println(entry.getKey());
            for (StackTraceElement frame : entry.getValue()) {
                err.println("    at " + frame);
            }
        }
    }
}
