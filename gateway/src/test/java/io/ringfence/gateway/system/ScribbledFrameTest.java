package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.protocol.DataHeaderFlyweight;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.gateway.server.RawClient.Reply;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that goes on writing to frames which it has sent: the gateway reads shared memory that is not its own. */
@Tag("hostile")
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ScribbledFrameTest {
    private static final long SCRIBBLE_NS = TimeUnit.MILLISECONDS.toNanos(1_700);
    private static final int TERM_LENGTH = 1 << 20;
    private static final int FRAME_HEADER = DataHeaderFlyweight.HEADER_LENGTH;

    private static final int[] LENGTHS = {1, 31, 33, 600, 1 << 19, 1 << 24, Integer.MAX_VALUE, Integer.MAX_VALUE - 31};

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory, false", "shared, disk, false", "compact, memory, true"})
    void shouldServeOnAndReplayWhateverIsWrittenIntoSentFrames(
            String mode, String durability, boolean areLengthsChanged) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, mode, durability);
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RawClient hostile = new RawClient(ringfence.aeronDirectory(), ServerFiles.REQUEST_STREAM_ID)) {
            MappedByteBuffer log = requestLog(Path.of(ringfence.aeronDirectory()));
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread scribbler = new Thread(
                    () -> scribble(new UnsafeBuffer(log), new SplittableRandom(seed), areLengthsChanged, isOver));
            scribbler.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            hostile.logOn(ServerFiles.CLIENT);
            scribbler.start();
            try {
                flood(hostile, new SplittableRandom(seed + 1));
            } finally {
                isOver.set(true);
                scribbler.join();
                IoUtil.unmap(log);
            }
            assertNull(failure.get());
            assertFalse(ringfence.hasEnded(), () -> "seed=" + seed + ": " + ringfence.failure());

            try (RawClient sound = new RawClient(ringfence.aeronDirectory(), ServerFiles.REQUEST_STREAM_ID)) {
                assertEquals(ReasonCode.NONE, sound.logOn(ServerFiles.OPERATOR).reason());
                sound.send(Frames.account(), 1, 0, 1_000_000);
                Reply answer = sound.next();
                assertEquals(AdmissionDecisionDecoder.TEMPLATE_ID, answer.templateId(), answer::toString);
                assertEquals(1_000_000, answer.clientRequestId());
            }
        }

        JournalProver.Report verified = JournalProver.verify(files.data());
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(verified.isOk(), () -> "seed=" + seed + ": " + verified.faultText());
        assertTrue(replayed.isOk(), () -> "seed=" + seed + ": " + replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    /** Sends every kind of message, mostly with the number that is due, and reads what comes back. */
    private static void flood(RawClient hostile, SplittableRandom random) {
        List<byte[]> frames = Frames.all();
        long deadlineNs = System.nanoTime() + SCRIBBLE_NS;
        long sessionSequence = 0;
        long requestId = 0;
        while (System.nanoTime() - deadlineNs < 0) {
            byte[] frame = frames.get(random.nextInt(frames.size())).clone();
            hostile.trySend(frame, ++sessionSequence, hostile.replySequence(), ++requestId);
            if (hostile.drain() == 0 && random.nextInt(512) == 0) {
                sessionSequence = 0;
                hostile.tryToLogOn(ServerFiles.CLIENT); // A changed frame may have ended the session.
            }
        }
    }

    /** Writes into the messages of frames that were committed, and into the lengths of frames now and then if told so. */
    private static void scribble(
            UnsafeBuffer log, SplittableRandom random, boolean areLengthsChanged, AtomicBoolean isOver) {
        while (!isOver.get()) {
            int term = random.nextInt(3) * TERM_LENGTH;
            int end = term + TERM_LENGTH;
            int frame = term;
            while (frame < end && !isOver.get()) {
                int length = log.getInt(frame, ByteOrder.LITTLE_ENDIAN);
                if (length <= FRAME_HEADER || length > 2_000) {
                    break;
                }
                if (areLengthsChanged && random.nextInt(1_000) == 0) {
                    log.putInt(frame, LENGTHS[random.nextInt(LENGTHS.length)], ByteOrder.LITTLE_ENDIAN);
                    break;
                }
                change(log, frame + FRAME_HEADER, length - FRAME_HEADER, random);
                frame += (length + 31) & ~31;
            }
        }
    }

    private static void change(UnsafeBuffer log, int offset, int length, SplittableRandom random) {
        int at = offset + random.nextInt(length);
        switch (random.nextInt(4)) {
            case 0 -> log.putByte(at, (byte) random.nextInt());
            case 1 -> log.putByte(offset + random.nextInt(Math.min(8, length)), (byte) random.nextInt(32));
            case 2 -> log.putByte(at, (byte) (log.getByte(at) + 1));
            default -> log.putByte(at, (byte) 0xFF);
        }
    }

    /** The log of the one publication there is: the hostile client's requests. */
    private static MappedByteBuffer requestLog(Path aeronDirectory) throws IOException {
        try (Stream<Path> logs = Files.list(aeronDirectory.resolve("publications"))) {
            Path log = logs.findFirst().orElseThrow();
            try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return file.map(FileChannel.MapMode.READ_WRITE, 0, 3 * TERM_LENGTH);
            }
        }
    }
}
