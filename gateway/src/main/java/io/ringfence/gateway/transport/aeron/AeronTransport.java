package io.ringfence.gateway.transport.aeron;

import io.aeron.Aeron;
import io.aeron.Image;
import io.aeron.RethrowingErrorHandler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * The gateway's end of Aeron IPC, with the media driver that serves it.
 *
 * <p>One thread calls all methods: the gateway's duty cycle. The Aeron client has no thread of its own, so that its
 * handlers run in that duty cycle; nothing here waits but {@link #launch(Settings, ErrorHandler)} and
 * {@link #close()}.
 */
public final class AeronTransport implements Transport {
    /**
     * Directory, request stream and thread of the embedded media driver.
     *
     * @param aeronDirectory of the driver; clients need it to connect. Deleted at start and at close.
     * @param dataDirectory of the engine; neither directory may lie in the other.
     * @param requestStreamId on which clients send, on {@link IpcStreams#CHANNEL}.
     * @param isInvoked true: the duty cycle that calls {@link AeronTransport#doWork(long)} runs the driver too; false: it has a thread.
     */
    public record Settings(Path aeronDirectory, Path dataDirectory, int requestStreamId, boolean isInvoked) {
        private static final Path SHARED_MEMORY = Path.of("/dev/shm");

        /** A new name each time, which nobody can guess: in shared memory where there is some, otherwise among temporary files. */
        public static Path defaultAeronDirectory() {
            Path parent =
                    Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
            return DriverDirectory.freshName(parent);
        }
    }

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

    private final DriverDirectory directory;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final AgentInvoker driverInvoker;
    private final AgentInvoker clientInvoker;
    private final Subscription requests;
    private final ForeignSubscriptions foreign;
    private final ArrayList<AeronConnection> connections = new ArrayList<>();
    private final ArrayList<Image> gone = new ArrayList<>(); // While the connections are polled.

    private int firstToPoll;
    private boolean isPolling;
    private boolean hasInvoked;
    private long invokedAtNs;

    private AeronTransport(
            DriverDirectory directory,
            MediaDriver driver,
            Aeron aeron,
            int requestStreamId,
            ErrorHandler errorHandler) {
        this.directory = directory;
        this.driver = driver;
        this.aeron = aeron;
        this.driverInvoker = driver.sharedAgentInvoker();
        this.clientInvoker = aeron.conductorAgentInvoker();
        this.requests =
                aeron.addSubscription(IpcStreams.CHANNEL, requestStreamId, this::onAvailable, this::onUnavailable);
        this.foreign = new ForeignSubscriptions(aeron, requests, errorHandler);
    }

    /** A client that cannot be heard stays without an answer; Aeron tells the error handler why. */
    private void onAvailable(Image image) {
        int streamId = image.subscription().streamId();
        try {
            connections.add(new AeronConnection(aeron, image, streamId));
        } catch (IOException noRoom) {
            throw new UncheckedIOException("the requests of a client cannot be mapped: " + noRoom.getMessage(), noRoom);
        }
    }

    /** To reject a stream is to wait for the driver, and meanwhile to hear of others that are gone: these are still being polled. */
    private void onUnavailable(Image image) {
        if (isPolling) {
            gone.add(image);
        } else {
            remove(image);
        }
    }

    private void remove(Image image) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).isOf(image)) {
                connections.remove(i).close();
            }
        }
        firstToPoll = 0;
    }

    /**
     * Takes the directory, starts driver and client, and listens for requests.
     *
     * @throws UncheckedIOException in one line, when the directory is another driver's or cannot be used.
     */
    public static AeronTransport launch(Settings settings, ErrorHandler errorHandler) {
        return launch(settings, LIVENESS_TIMEOUT_NS, errorHandler);
    }

    /** The same in a directory that was taken before, and is given up at {@link #close}. */
    public static AeronTransport launch(Settings settings, DriverDirectory taken, ErrorHandler errorHandler) {
        return launch(settings, taken, LIVENESS_TIMEOUT_NS, errorHandler);
    }

    /** Starts with a pause of the duty cycle, after which the client gives itself up, that a test may wait for. */
    static AeronTransport launch(Settings settings, long livenessTimeoutNs, ErrorHandler errorHandler) {
        DriverDirectory taken =
                DriverDirectory.take(settings.aeronDirectory(), settings.dataDirectory(), Optional.empty());
        return launch(settings, taken, livenessTimeoutNs, errorHandler);
    }

    private static AeronTransport launch(
            Settings settings, DriverDirectory taken, long livenessTimeoutNs, ErrorHandler errorHandler) {
        MediaDriver driver = null;
        Aeron aeron = null;
        try {
            MediaDriver.Context context = driverContext(settings, livenessTimeoutNs, errorHandler);
            new StreamFiles(settings.aeronDirectory().toAbsolutePath(), taken.access()).install(context);
            taken.starting(SharedMemory.driverBytes(context));
            driver = launchDriver(settings, context);
            taken.started();
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
            return new AeronTransport(taken, driver, aeron, settings.requestStreamId(), errorHandler);
        } catch (IOException | RuntimeException cannotStart) {
            CloseHelper.quietCloseAll(aeron, driver, taken);
            throw cannotStart instanceof RuntimeException unchecked
                    ? unchecked
                    : new UncheckedIOException(cannotStart.getMessage(), (IOException) cannotStart);
        }
    }

    private static MediaDriver launchDriver(Settings settings, MediaDriver.Context context) {
        try {
            return MediaDriver.launch(context);
        } catch (RuntimeException cannot) {
            String line = "the media driver cannot start in " + settings.aeronDirectory() + ": " + cannot.getMessage();
            throw new UncheckedIOException(line, new IOException(cannot));
        }
    }

    /**
     * Settings of a driver for IPC alone.
     *
     * <p>All pages of a stream are written when it is added ({@link StreamFiles}), and met: by the driver in its map, by the Aeron client in
     * its own. So full shared memory is a refusal to the client that asked.
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
                .ipcTermBufferLength(IpcStreams.TERM_LENGTH)
                .counterValuesBufferLength(COUNTER_VALUES_LENGTH)
                .clientLivenessTimeoutNs(livenessTimeoutNs)
                .publicationUnblockTimeoutNs(livenessTimeoutNs + TimeUnit.SECONDS.toNanos(5))
                .warnIfDirectoryExists(false)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(false)
                .errorHandler(errorHandler);
    }

    /** Runs the duty cycles of driver and client, at most once in 50 us, and sees that nobody else listens to the requests. */
    @Override
    public int doWork(long nowNs) {
        if (hasInvoked && nowNs - invokedAtNs < INVOKE_EVERY_NS) {
            return 0;
        }
        hasInvoked = true;
        invokedAtNs = nowNs;
        int workCount = clientInvoker.invoke();
        workCount += driverInvoker == null ? 0 : driverInvoker.invoke();
        requireOpen();
        return workCount + foreign.doWork(nowNs);
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

    @Override
    public int poll(MessageHandler handler, int limit) {
        int size = connections.size();
        int count = 0;
        isPolling = true;
        for (int i = 0; i < size && count < limit; i++) {
            int next = firstToPoll + i;
            count += connections.get(next < size ? next : next - size).poll(handler, limit - count);
        }
        isPolling = false;
        firstToPoll = firstToPoll + 1 < size ? firstToPoll + 1 : 0;
        while (!gone.isEmpty()) {
            remove(gone.remove(gone.size() - 1));
        }
        return count;
    }

    /**
     * One line where shared memory has room for fewer clients than there may be sessions; null where there is enough. The log-ons of more
     * clients are refused.
     */
    public String shortage(int sessionsMax) {
        Path directory = Path.of(aeronDirectory());
        try {
            long clients = SharedMemory.clientsWithRoom(directory);
            return clients >= sessionsMax
                    ? null
                    : "shared memory has room for " + clients + " clients of " + SharedMemory.CLIENT_BYTES
                            + " bytes, sessions.max is " + sessionsMax
                            + ": further log-ons are refused while that is so: "
                            + directory;
        } catch (IOException unknown) {
            return "the room in shared memory cannot be told: " + unknown;
        }
    }

    /**
     * Checks that a driver and one client have room in a directory that is taken. To be called before anything is written that a start
     * cannot take back.
     *
     * @throws UncheckedIOException in one line, with what is needed and what is free.
     */
    public static void requireRoom(DriverDirectory taken) {
        MediaDriver.Context context = new MediaDriver.Context().counterValuesBufferLength(COUNTER_VALUES_LENGTH);
        try {
            taken.requireRoom(SharedMemory.driverBytes(context));
        } catch (IOException noRoom) {
            throw new UncheckedIOException(noRoom.getMessage(), noRoom);
        }
    }

    /** The driver's directory, for clients. */
    public String aeronDirectory() {
        return driver.aeronDirectoryName();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(connections);
        connections.clear();
        CloseHelper.closeAll(requests, aeron, driver, directory);
    }
}
