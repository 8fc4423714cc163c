package io.ringfence.gateway.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.ringfence.gateway.transport.ReplyStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver takes no commands: somebody fills their queue, which all of its clients share, or it is slow. The gateway goes on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BusyDriverTest {
    private static final int STREAM_ID = 7;

    @TempDir
    Path folder;

    private MediaDriver driver;
    private Aeron aeron;

    @BeforeEach
    void start() {
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(folder.resolve("driver").toString())
                .threadingMode(ThreadingMode.INVOKER) // So that it takes commands in this test's turns alone.
                .dirDeleteOnShutdown(true));
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .driverAgentInvoker(driver.sharedAgentInvoker())
                .useConductorAgentInvoker(true));
    }

    @AfterEach
    void stop() {
        turn(); // What was put into the queue.
        aeron.close();
        driver.close();
    }

    @Test
    void shouldTellAStreamAsClosedThatTheDriverHasNoRoomFor() {
        flood();

        ReplyStream replies = new AeronReplyStream(aeron, STREAM_ID);

        assertEquals(ReplyStream.State.CLOSED, replies.state());
        assertDoesNotThrow(replies::close);
    }

    @Test
    void shouldCloseAStreamThatTheDriverHasNoRoomToHearOf() {
        ReplyStream replies = new AeronReplyStream(aeron, STREAM_ID);
        turn();
        assertEquals(ReplyStream.State.OPENING, replies.state());
        ReplyStream unmade = new AeronReplyStream(aeron, STREAM_ID + 1);
        flood();

        assertDoesNotThrow(replies::close);
        assertDoesNotThrow(unmade::close);

        assertEquals(ReplyStream.State.CLOSED, replies.state());
    }

    /** It takes no command for a while: it is asked again, and people are told of one subscription. */
    @Test
    void shouldCountAForeignSubscriptionOnceHoweverLongTheDriverTakes() {
        List<Throwable> told = new ArrayList<>();
        Subscription requests = aeron.addSubscription(CommonContext.IPC_CHANNEL, STREAM_ID);
        aeron.addPublication(CommonContext.IPC_CHANNEL, STREAM_ID);
        aeron.addSubscription(CommonContext.IPC_CHANNEL, STREAM_ID);
        ForeignSubscriptions subscriptions = new ForeignSubscriptions(aeron, requests, told::add);

        for (long nowMs = 1_000; nowMs < 1_600; nowMs += 150) {
            assertEquals(1, endedInAllLooks(subscriptions, nowMs));
        }
        turn();

        assertEquals(0, endedInAllLooks(subscriptions, 2_000));
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.get(0).toString().endsWith("so far 1"), told::toString);
    }

    private static int endedInAllLooks(ForeignSubscriptions subscriptions, long nowMs) {
        int ended = 0;
        for (int i = 0; i < 100; i++) {
            ended += subscriptions.doWork(TimeUnit.MILLISECONDS.toNanos(nowMs));
        }
        return ended;
    }

    private void turn() {
        for (int i = 0; i < 100; i++) {
            driver.sharedAgentInvoker().invoke();
            aeron.conductorAgentInvoker().invoke();
        }
    }

    private void flood() {
        RingBuffer commands = aeron.context().toDriverBuffer();
        UnsafeBuffer nonsense = new UnsafeBuffer(new byte[8]);
        while (commands.write(1, nonsense, 0, nonsense.capacity())) {
            // Until there is no room.
        }
        assertTrue(commands.size() > 0);
    }
}
