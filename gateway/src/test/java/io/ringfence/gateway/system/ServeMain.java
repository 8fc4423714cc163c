package io.ringfence.gateway.system;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server as a process of its own, until its standard input ends. */
public final class ServeMain {
    private static final int ENVIRONMENT_FAILED = 3;

    private ServeMain() {}

    /** Argument: the configuration file. Prints "ready"; exit 0 after a clean stop, 3 when the engine stopped by itself. */
    public static void main(String[] args) throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Thread watch = new Thread(() -> awaitEndOfInput(stop), "end-of-input");
        watch.setDaemon(true);
        watch.start();
        int exitCode = 0;
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(Path.of(args[0])))) {
            System.out.println("ready");
            while (!stop.await(10, TimeUnit.MILLISECONDS) && exitCode == 0) {
                if (ringfence.hasEnded()) {
                    System.err.println("ringfence: stopped by itself: " + ringfence.failure());
                    exitCode = ENVIRONMENT_FAILED;
                }
            }
        }
        System.exit(exitCode);
    }

    private static void awaitEndOfInput(CountDownLatch stop) {
        try {
            while (System.in.read() >= 0) {
                // What is said does not matter.
            }
        } catch (IOException e) {
            System.err.println("input failed: " + e);
        } finally {
            stop.countDown();
        }
    }
}
