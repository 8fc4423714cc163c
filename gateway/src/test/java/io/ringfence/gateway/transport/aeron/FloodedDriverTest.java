package io.ringfence.gateway.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.ringfence.gateway.transport.ReplyStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody fills the queue of commands to the driver, which all of its clients share: the gateway goes on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FloodedDriverTest {
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
