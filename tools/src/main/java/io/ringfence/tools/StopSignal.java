package io.ringfence.tools;

import io.ringfence.tools.ExitCode.StoppedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What SIGINT, SIGTERM and SIGHUP do. Until a command {@link #listen listens} each of them ends the process at once. From then on they only
 * ask: the command ends by itself, and has {@value #PATIENCE_S} s for that.
 *
 * <p>The signals are handled here and not by a shutdown hook. While a hook runs the JVM takes no further hooks, so that classes of
 * libraries which add one cannot be loaded any more, and the exit code is no longer the command's to choose.
 *
 * <p>Process-wide, as signals are. Safe from any thread.
 */
public final class StopSignal {
    private static final long PATIENCE_S = 90;
    private static final int SIGNALLED = 128;
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");
    private static final CountDownLatch ASKED = new CountDownLatch(1);

    private static volatile boolean isOwned;
    private static volatile boolean isListening;

    private StopSignal() {}

    /** The process belongs to this command line and ends by {@link #exit}. Handles the signals from now on. */
    static void own() {
        isOwned = true;
        SIGNALS.forEach(StopSignal::handle);
    }

    /** Does the process belong to this command line? */
    static boolean isOwned() {
        return isOwned;
    }

    /** From now on the signals only ask. */
    public static void listen() {
        isListening = true;
    }

    /**
     * Handles one signal. It uses reflection, because the compiler warns of each use of these two classes and the warning cannot be turned
     * off. A signal that was ignored when the process began, as {@code nohup} does with SIGHUP, stays ignored. One that the JVM keeps for
     * itself ({@code -Xrs}) keeps its default.
     */
    private static void handle(String name) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    handlerType.getClassLoader(), new Class<?>[] {handlerType}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            onSignal(name, (int)
                                    signalType.getMethod("getNumber").invoke(signal));
                            return null;
                        }
                        return switch (method.getName()) {
                            case "equals" -> self == args[0];
                            case "hashCode" -> System.identityHashCode(self);
                            default -> "handler of SIG" + name;
                        };
                    });
            Object before =
                    signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            Object ignored = handlerType.getField("SIG_IGN").get(null);
            if (before == ignored) {
                signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, ignored);
            }
        } catch (InvocationTargetException kept) {
            if (!(kept.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("SIG" + name + " cannot be handled", kept);
            }
        } catch (ReflectiveOperationException none) {
            throw new IllegalStateException("SIG" + name + " cannot be handled", none);
        }
    }

    private static void onSignal(String name, int number) {
        if (!isListening) {
            System.err.println("ringfence: ended by SIG" + name);
            System.exit(SIGNALLED + number);
        }
        if (ASKED.getCount() == 0) {
            return; // Asked before.
        }
        ASKED.countDown();
        Thread limit = new Thread(() -> endAfterPatience(name), "ringfence-stop");
        limit.setDaemon(true);
        limit.start();
    }

    private static void endAfterPatience(String name) {
        try {
            TimeUnit.SECONDS.sleep(PATIENCE_S);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
        try {
            System.err.println("ringfence: ends at once: no clean end within " + PATIENCE_S + " s of SIG" + name);
        } finally {
            Runtime.getRuntime().halt(ExitCode.ENVIRONMENT_FAILED);
        }
    }

    /** Has the process been asked to end? */
    public static boolean isAsked() {
        return isAskedWithin(0);
    }

    /** Has the process been asked to end? Waits for that at most this long. An interrupted wait counts as asked. */
    public static boolean isAskedWithin(long timeoutMs) {
        try {
            return ASKED.await(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** @throws StoppedException when the process has been asked to end, with what was left undone. */
    public static void requireNotAsked(String undone) {
        if (isAsked()) {
            throw new StoppedException("interrupted: " + undone);
        }
    }

    /** Ends the process. */
    static void exit(int exitCode) {
        System.exit(exitCode);
    }
}
