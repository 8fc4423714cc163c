package io.ringfence.perf.floor;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.ringfence.schemas.Durability;
import java.nio.file.Path;
import org.agrona.CloseHelper;

/** An Aeron IPC server without a decision: the bare echo, or the floor over a {@link FloorJournal}. */
final class FloorContestant implements Contestant {
    private static final String CHANNEL = "aeron:ipc?term-length=1m";
    private static final int REQUEST_STREAM = 11;
    private static final int REPLY_STREAM = 12;
    private static final String THREAD = "floor-server";

    private final MediaDriver driver;
    private final Aeron aeron;
    private final FloorJournal journal;
    private final FloorServer server;
    private final FloorLink link;
    private final Thread thread;
    private boolean isStopped;

    private FloorContestant(Path aeronDirectory, FloorJournal journal, boolean isForced, int inflight) {
        this.journal = journal;
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(aeronDirectory.toString())
                .threadingMode(ThreadingMode.INVOKER)
                .asyncExecutorEnabled(false)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        driver.sharedAgentInvoker().start();
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker()));
        Subscription requests = aeron.addSubscription(CHANNEL, REQUEST_STREAM);
        Subscription replies = aeron.addSubscription(CHANNEL, REPLY_STREAM);
        ExclusivePublication request = aeron.addExclusivePublication(CHANNEL, REQUEST_STREAM);
        ExclusivePublication reply = aeron.addExclusivePublication(CHANNEL, REPLY_STREAM);
        while (!request.isConnected() || !reply.isConnected()) {
            aeron.conductorAgentInvoker().invoke();
            driver.sharedAgentInvoker().invoke();
        }
        Runnable media = () -> {
            aeron.conductorAgentInvoker().invoke();
            driver.sharedAgentInvoker().invoke();
        };
        server = new FloorServer(requests, reply, media, journal, isForced, inflight);
        link = new FloorLink(request, replies, journal == null);
        thread = new Thread(server, THREAD);
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the echo of 256 bytes. */
    static FloorContestant echo(Path aeronDirectory) {
        return new FloorContestant(aeronDirectory, null, false, 1);
    }

    /**
     * The floor.
     *
     * @param directory for its records; is there and empty.
     * @param inflight  most messages that one force is waited for.
     */
    static FloorContestant floor(Path aeronDirectory, Path directory, Durability durability, int inflight) {
        FloorJournal journal = new FloorJournal(directory, durability);
        try {
            return new FloorContestant(aeronDirectory, journal, durability == Durability.DISK, inflight);
        } catch (RuntimeException | Error cannotStart) {
            CloseHelper.quietClose(journal);
            throw cannotStart;
        }
    }

    @Override
    public Link link() {
        return link;
    }

    @Override
    public String serverThread() {
        return THREAD;
    }

    @Override
    public Work stop() {
        close();
        server.requireWhole();
        return journal == null ? new Work(server.answered(), 0, 0) : journal.work();
    }

    @Override
    public void close() {
        if (isStopped) {
            return;
        }
        isStopped = true;
        server.stop();
        join(thread);
        CloseHelper.closeAll(journal, aeron, driver);
    }

    /** Waits until a thread has ended. An interrupt is kept and thrown as an {@link IllegalStateException}. */
    static void join(Thread ending) {
        try {
            ending.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a thread ended: " + ending.getName(), e);
        }
    }
}
