package io.ringfence.gateway.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.RethrowingErrorHandler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * The gateway's end of Aeron IPC, with the media driver that serves it.
 *
 * <p>One thread calls all methods: the gateway's duty cycle. The Aeron client has no thread of its own, so that its
 * handlers run in that duty cycle; nothing here waits but {@link #launch(Settings, ErrorHandler)} and
 * {@link #close()}.
 */
public final class Transport implements AutoCloseable {
    /**
     * Directory, request stream and thread of the embedded media driver.
     *
     * @param aeronDirectory of the driver; clients need it to connect. Deleted at start and at close.
     * @param dataDirectory of the engine; neither directory may lie in the other.
     * @param requestStreamId on which clients send, on {@link Transport#CHANNEL}.
     * @param isInvoked true: the duty cycle that calls {@link Transport#doWork(long)} runs the driver too; false: it has a thread.
     */
    public record Settings(Path aeronDirectory, Path dataDirectory, int requestStreamId, boolean isInvoked) {
        /** Request stream that is used unless another one is configured. */
        public static final int DEFAULT_REQUEST_STREAM_ID = 1001;

        private static final Path SHARED_MEMORY = Path.of("/dev/shm");

        /** A directory of this process alone: in shared memory where there is some, otherwise among temporary files. */
        public static Path defaultAeronDirectory() {
            Path parent =
                    Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
            return parent.resolve("ringfence-" + ProcessHandle.current().pid());
        }
    }

    /** Channel of requests and of answers: shared memory, with terms that hold a full window of answers twice. */
    public static final String CHANNEL = "aeron:ipc?term-length=1m";

    /** What a response channel must begin with: a client may name its stream, but make the gateway open no socket. */
    public static final String CHANNEL_PREFIX = "aeron:ipc";

    /** A client may be 217 KiB ahead of the gateway besides a full window: 750 us of a million requests a second. */
    private static final long INVOKE_EVERY_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    /**
     * Longest pause of the driver's own thread. A full window leaves 217 KiB of the 512 KiB that a client may be ahead of the
     * gateway: at a million requests of 288 bytes a second the driver has to raise that limit every 750 us.
     */
    private static final long DRIVER_MAX_PARK_NS = TimeUnit.MICROSECONDS.toNanos(500);

    /** Room for 32,768 driver counters: the most sessions, 4,096, have 7 each. Their labels take four times as much. */
    private static final int COUNTER_VALUES_LENGTH = 4 * 1024 * 1024;

    private static final int IDLE_SPINS = 10;
    private static final int IDLE_YIELDS = 20;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final AgentInvoker driverInvoker;
    private final AgentInvoker clientInvoker;
    private final Subscription requests;

    private final LongHashSet rejected = new LongHashSet();
    private boolean hasInvoked;
    private long invokedAtNs;

    private Transport(MediaDriver driver, Aeron aeron, Subscription requests) {
        this.driver = driver;
        this.aeron = aeron;
        this.requests = requests;
        this.driverInvoker = driver.sharedAgentInvoker();
        this.clientInvoker = aeron.conductorAgentInvoker();
    }

    /**
     * Starts driver and client, and listens for requests.
     *
     * @throws UncheckedIOException in one line, when the directory is another driver's or cannot be used.
     */
    public static Transport launch(Settings settings, ErrorHandler errorHandler) {
        return launch(settings, LIVENESS_TIMEOUT_NS, errorHandler);
    }

    /** Starts with a pause of the duty cycle, after which the client gives itself up, that a test may wait for. */
    static Transport launch(Settings settings, long livenessTimeoutNs, ErrorHandler errorHandler) {
        DriverDirectory.requireFree(settings.aeronDirectory(), settings.dataDirectory());
        MediaDriver driver = launchDriver(settings, livenessTimeoutNs, errorHandler);
        Aeron aeron = null;
        try {
            if (settings.isInvoked()) {
                driver.sharedAgentInvoker().start();
            }
            aeron = Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(driver.aeronDirectoryName())
                    .preTouchMappedMemory(true)
                    .useConductorAgentInvoker(true)
                    .driverAgentInvoker(driver.sharedAgentInvoker())
                    .errorHandler(errorHandler)
                    .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE));
            return new Transport(driver, aeron, aeron.addSubscription(CHANNEL, settings.requestStreamId()));
        } catch (RuntimeException cannotStart) {
            CloseHelper.quietCloseAll(aeron, driver);
            throw cannotStart;
        }
    }

    private static MediaDriver launchDriver(Settings settings, long livenessTimeoutNs, ErrorHandler errorHandler) {
        try {
            return MediaDriver.launch(driverContext(settings, livenessTimeoutNs, errorHandler));
        } catch (RuntimeException cannot) {
            String line = "the media driver cannot start in " + settings.aeronDirectory() + ": " + cannot.getMessage();
            throw new UncheckedIOException(line, new IOException(cannot));
        }
    }

    /**
     * Settings of a driver for IPC alone.
     *
     * <p>All pages of a stream are met when it is added: by the driver in its map, by the Aeron client in its own. The check of
     * the room in front of that turns full shared memory into a refusal to the client that asked.
     *
     * <p>The driver's executor is there to look up names of hosts, and wakes 1,000 times a second. IPC has no hosts: it is off,
     * and every name is refused, because a look-up would now hold up the gateway.
     */
    private static MediaDriver.Context driverContext(
            Settings settings, long livenessTimeoutNs, ErrorHandler errorHandler) {
        return new MediaDriver.Context()
                .aeronDirectoryName(settings.aeronDirectory().toString())
                .threadingMode(settings.isInvoked() ? ThreadingMode.INVOKER : ThreadingMode.SHARED)
                .sharedIdleStrategy(new BackoffIdleStrategy(IDLE_SPINS, IDLE_YIELDS, 1_000, DRIVER_MAX_PARK_NS))
                .asyncExecutorEnabled(false)
                .nameResolver((name, parameter, isAgain) -> null)
                .termBufferSparseFile(false)
                .performStorageChecks(true)
                .lowStorageWarningThreshold(0)
                .counterValuesBufferLength(COUNTER_VALUES_LENGTH)
                .clientLivenessTimeoutNs(livenessTimeoutNs)
                .publicationUnblockTimeoutNs(livenessTimeoutNs + TimeUnit.SECONDS.toNanos(5))
                .warnIfDirectoryExists(false)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .errorHandler(errorHandler);
    }

    /**
     * Runs the duty cycles of driver and client, at most once in 50 us.
     *
     * @param nowNs of the monotonic clock.
     * @return amount of work done; 0 if none.
     * @throws IllegalStateException when client or driver has closed itself, as after too long a pause of the duty cycle.
     */
    public int doWork(long nowNs) {
        if (hasInvoked && nowNs - invokedAtNs < INVOKE_EVERY_NS) {
            return 0;
        }
        hasInvoked = true;
        invokedAtNs = nowNs;
        int workCount = clientInvoker.invoke();
        workCount += driverInvoker == null ? 0 : driverInvoker.invoke();
        requireOpen();
        return workCount;
    }

    /** What has closed itself polls nothing for ever, and would look like a gateway without work. */
    private void requireOpen() {
        if (aeron.isClosed() || clientInvoker.isClosed()) {
            throw new IllegalStateException("the Aeron client has closed itself");
        }
        if (driverInvoker != null && driverInvoker.isClosed()) {
            throw new IllegalStateException("the media driver has closed itself");
        }
    }

    /** Requests of all clients. An exception of a handler reaches the caller of poll. */
    public Subscription requests() {
        return requests;
    }

    /**
     * Polls each client by itself, and rejects those whose stream cannot be read. After {@link #requests()} could not be polled.
     *
     * @param handler must not throw {@link IndexOutOfBoundsException}.
     * @return fragments taken.
     */
    public int pollSoundOnes(FragmentHandler handler) {
        int count = 0;
        for (Image image : requests.images()) {
            try {
                count += image.poll(handler, 1);
            } catch (IndexOutOfBoundsException unreadable) {
                if (rejected.add(image.correlationId())) {
                    image.reject("a frame has an impossible length");
                }
            }
        }
        return count;
    }

    /** The driver's directory, for clients. */
    public String aeronDirectory() {
        return driver.aeronDirectoryName();
    }

    /** Requests a publication to one client. Does not wait: {@link #answerStream(long)} returns it once the driver has it. */
    public long askForAnswerStream(int streamId) {
        return aeron.asyncAddExclusivePublication(CHANNEL, streamId);
    }

    /**
     * The publication asked for.
     *
     * @return null while the driver has not answered.
     * @throws RegistrationException when the driver refused it.
     */
    public ExclusivePublication answerStream(long registrationId) {
        return aeron.getExclusivePublication(registrationId);
    }

    /** Gives up a requested publication that {@link #answerStream} has not returned yet. */
    public void forgetAnswerStream(long registrationId) {
        aeron.asyncRemovePublication(registrationId);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(requests, aeron, driver);
    }
}
