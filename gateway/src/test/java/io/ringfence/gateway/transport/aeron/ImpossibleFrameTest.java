package io.ringfence.gateway.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.ExclusivePublication;
import io.aeron.exceptions.AeronEvent;
import io.aeron.protocol.DataHeaderFlyweight;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.transport.Connection;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that changes the header of a frame after it was committed: the others must be served on, by gateway and driver. */
@Tag("hostile")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ImpossibleFrameTest {
    private static final int TERM_LENGTH = 1 << 20;
    private static final int MESSAGE_LENGTH = 1_000;
    private static final byte SOUND = 1; // First byte of each message of a client that means no harm.
    private static final int MANY = 5 * TERM_LENGTH / MESSAGE_LENGTH;

    @TempDir
    Path folder;

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[4 * MESSAGE_LENGTH]);
    private final UnsafeBuffer soundMessage = new UnsafeBuffer(new byte[MESSAGE_LENGTH]);
    private AeronTransport transport;
    private Aeron client;
    private ExclusivePublication hostile;
    private long soundCount;

    @BeforeEach
    void start() {
        soundMessage.putByte(0, SOUND);
        transport = AeronTransport.launch(
                new AeronTransport.Settings(folder.resolve("driver"), folder.resolve("data"), 1_001, true),
                errors::add);
        client = inBackground(() -> Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(transport.aeronDirectory())
                .errorHandler(error -> {})));
        hostile = connect();
    }

    @AfterEach
    void stop() {
        client.close();
        transport.close();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 31, 33, 600, 1 << 19, 1 << 20, 1 << 24, Integer.MAX_VALUE - 31, Integer.MAX_VALUE, -1, -32})
    void shouldServeOthersWhateverTheLengthOfAFrame(int length) throws Exception {
        turnUntil(() -> hostile.offer(message, 0, MESSAGE_LENGTH) > 0);
        turnUntil(() -> hostile.offer(message, 0, MESSAGE_LENGTH) > 0);
        change(log -> log.putInt(0, length, ByteOrder.LITTLE_ENDIAN));

        assertOthersAreServed();
    }

    @ParameterizedTest
    @CsvSource({"33", "600", "1048576", "1048608", "16777216", "2147483616", "2147483647"})
    void shouldServeOthersWhateverTheLengthOfPadding(int length) throws Exception {
        turnUntil(() -> hostile.offer(message, 0, MESSAGE_LENGTH) > 0);
        change(log -> {
            log.putShort(DataHeaderFlyweight.TYPE_FIELD_OFFSET, (short) DataHeaderFlyweight.HDR_TYPE_PAD);
            log.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        });

        assertOthersAreServed();
    }

    /** Mapping a long stream would hold up all clients. */
    @Test
    void shouldRejectAStreamOfAnotherTermLength() {
        try (ExclusivePublication longer = inBackground(
                () -> client.addExclusivePublication(IpcStreams.CHANNEL_PREFIX + "?term-length=4m", 1_001))) {
            turnUntil(longer::isConnected);
            turnUntil(() -> !longer.isConnected());
        }

        assertOthersAreServed();
    }

    @Test
    void shouldReadAStreamOfTheDefaultTermLength() {
        try (ExclusivePublication plain =
                inBackground(() -> client.addExclusivePublication(IpcStreams.CHANNEL_PREFIX, 1_001))) {
            turnUntil(plain::isConnected);
            turnUntil(() -> plain.offer(soundMessage, 0, MESSAGE_LENGTH) > 0);
            turnUntil(() -> soundCount == 1);
        }
    }

    /** To reject a stream is to wait for the driver, which may tell meanwhile that other streams are gone. */
    @Test
    void shouldServeOnWhenStreamsEndWhileTheConnectionsArePolled() {
        List<ExclusivePublication> others = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            others.add(connect());
        }
        turnUntil(() -> hostile.offer(message, 0, MESSAGE_LENGTH) > 0);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (lengths.isEmpty()) {
            transport.poll(
                    (connection, buffer, offset, length) -> {
                        lengths.add(length);
                        others.forEach(ExclusivePublication::close);
                        while (subscriberPositions() > 1 && System.nanoTime() - deadlineNs < 0) {
                            transport.doWork(System.nanoTime());
                        }
                    },
                    16);
            transport.doWork(System.nanoTime());
        }

        assertTrue(System.nanoTime() - deadlineNs < 0, "waited for 20 seconds");
        assertOthersAreServed();
    }

    /** One for each stream that the driver passes on to the gateway. */
    private int subscriberPositions() {
        int[] count = {0};
        client.countersReader()
                .forEach((counterId, typeId, keyBuffer, label) ->
                        count[0] += typeId == AeronCounters.DRIVER_SUBSCRIBER_POSITION_TYPE_ID ? 1 : 0);
        return count[0];
    }

    @Test
    void shouldPassOnTheFirstPieceOfAMessageThatWasSplit() {
        turnUntil(() -> hostile.offer(message, 0, 4 * MESSAGE_LENGTH) > 0);
        turnUntil(() -> hostile.offer(message, 0, MESSAGE_LENGTH) > 0);
        turnUntil(() -> lengths.size() >= 2);

        assertEquals(List.of(hostile.maxPayloadLength(), MESSAGE_LENGTH), lengths);
    }

    /** No flag says that a message ends: the pieces must not come again and again. */
    @Test
    void shouldPassOnAMessageOnceThatSeemsNotToEnd() throws Exception {
        turnUntil(() -> hostile.offer(message, 0, MESSAGE_LENGTH) > 0);
        change(log -> log.putByte(DataHeaderFlyweight.FLAGS_FIELD_OFFSET, (byte) DataHeaderFlyweight.BEGIN_FLAG));
        turnUntil(() -> hostile.offer(message, 0, 2) > 0);
        turnUntil(() -> lengths.size() >= 2);

        assertOthersAreServed();
        assertEquals(List.of(MESSAGE_LENGTH, 2), lengths);
    }

    private void assertOthersAreServed() {
        for (int i = 0; i < 100; i++) {
            turn();
        }
        try (ExclusivePublication sound = connect()) {
            for (int i = 0; i < MANY; i++) {
                turnUntil(() -> sound.offer(soundMessage, 0, MESSAGE_LENGTH) > 0);
            }
            turnUntil(() -> soundCount == MANY);
        }
        errors.removeIf(AeronEvent.class::isInstance); // Warns of the rejection.
        assertEquals(List.of(), errors);
    }

    private void turn() {
        transport.poll(this::onMessage, 16);
        transport.doWork(System.nanoTime());
    }

    private void onMessage(Connection connection, DirectBuffer buffer, int offset, int length) {
        if (length > 0 && buffer.getByte(offset) == SOUND) {
            assertEquals(MESSAGE_LENGTH, length);
            soundCount++;
        } else {
            lengths.add(length);
        }
    }

    private ExclusivePublication connect() {
        ExclusivePublication publication =
                inBackground(() -> client.addExclusivePublication(IpcStreams.CHANNEL, 1_001));
        turnUntil(publication::isConnected);
        return publication;
    }

    /** The driver runs in this thread's turns, so that what waits for it must wait in another. */
    private <T> T inBackground(Supplier<T> action) {
        CompletableFuture<T> result = CompletableFuture.supplyAsync(action);
        turnUntil(result::isDone);
        return result.getNow(null);
    }

    private void turnUntil(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            turn();
            assertTrue(System.nanoTime() - deadlineNs < 0, "waited for 20 seconds");
        }
    }

    /** Writes into the first frame of the hostile client's log. */
    private void change(Consumer<UnsafeBuffer> change) throws Exception {
        try (Stream<Path> logs = Files.list(Path.of(transport.aeronDirectory()).resolve("publications"))) {
            Path log = logs.findFirst().orElseThrow();
            try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                MappedByteBuffer map = file.map(FileChannel.MapMode.READ_WRITE, 0, TERM_LENGTH);
                change.accept(new UnsafeBuffer(map));
                IoUtil.unmap(map);
            }
        }
    }
}
