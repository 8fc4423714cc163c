package io.ringfence.gateway.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.protocol.DataHeaderFlyweight;
import io.ringfence.engine.command.CommandType;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.frame.Frames;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.gateway.server.RawClient;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.SettleKind;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients that go on writing to frames which they have sent, of every kind of message, beside one that does not: the gateway reads
 * shared memory that is not its own.
 */
@Tag("hostile")
@Tag("system")
class ScribbledFrameTest {
    private static final int TERM_LENGTH = 1 << 20;
    private static final int TERMS = 3;
    private static final int FRAME_HEADER = DataHeaderFlyweight.HEADER_LENGTH;
    private static final int LOOKS_AT_THE_TAIL = 2_000;
    private static final int HOSTILE_DESK = 4;
    private static final int HOSTILE_OPERATOR = 5;
    private static final int NEIGHBOUR = 3;
    private static final long NEIGHBOURS_ACCOUNT = 2;
    private static final long COST_MICROS = 7;
    private static final long VALUE_MICROS = 5_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PRINCIPALS = """
            principals:
              - {id: 3, name: neighbour, role: trader, accounts: [2]}
              - {id: 4, name: hostile desk, role: trader, accounts: [1, 3]}
              - {id: 5, name: hostile ops, role: operator, accounts: [1, 3]}
            """;

    private static final int[] LENGTHS = {1, 31, 33, 600, 1 << 19, 1 << 24, Integer.MAX_VALUE, Integer.MAX_VALUE - 31};

    private final long seed = System.nanoTime();
    private final Set<Integer> everyTemplate =
            Frames.all().stream().map(ScribbledFrameTest::templateId).collect(Collectors.toSet());
    private final Set<Integer> scribbledTemplates = new ConcurrentSkipListSet<>();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"compact, memory, false", "shared, disk, false", "compact, memory, true"})
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void shouldServeOnAndReplayWhateverIsWrittenIntoSentFrames(
            String mode, String durability, boolean areLengthsChanged) throws Exception {
        scribble(mode, durability, areLengthsChanged, TimeUnit.MILLISECONDS.toNanos(1_700));
    }

    @Tag("stress")
    @EnabledIfSystemProperty(named = "ringfence.stress", matches = "true", disabledReason = "takes a minute a row")
    @ParameterizedTest
    @CsvSource({"compact, memory, false", "shared, disk, false", "compact, disk, true"})
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void shouldServeOnAndReplayWhenItIsScribbledForAMinute(String mode, String durability, boolean areLengthsChanged)
            throws Exception {
        scribble(mode, durability, areLengthsChanged, TimeUnit.MINUTES.toNanos(1));
    }

    private void scribble(String mode, String durability, boolean areLengthsChanged, long durationNs) throws Exception {
        System.out.println("seed=" + seed);
        ServerFiles files = ServerFiles.write(directory, mode, durability);
        Files.writeString(files.config(), Files.readString(files.config()).replaceAll("(?s)principals:.*", PRINCIPALS));
        long settledMicros;
        try (Ringfence ringfence = Ringfence.start(ServerConfig.read(files.config()));
                RingfenceClient neighbour = files.connect(NEIGHBOUR)) {
            Set<Path> othersLogs = logs(ringfence);
            try (RawClient desk = new RawClient(ringfence.aeronDirectory(), ServerFiles.REQUEST_STREAM_ID);
                    RawClient operator = new RawClient(ringfence.aeronDirectory(), ServerFiles.REQUEST_STREAM_ID)) {
                List<MappedByteBuffer> hostileLogs = map(logs(ringfence), othersLogs);
                AtomicBoolean isOver = new AtomicBoolean();
                AtomicReference<Throwable> failure = new AtomicReference<>();
                Thread scribbler =
                        new Thread(() -> scribble(hostileLogs, new SplittableRandom(seed), areLengthsChanged, isOver));
                Thread hostile = new Thread(() -> flood(desk, operator, new SplittableRandom(seed + 1), isOver));
                scribbler.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
                hostile.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
                scribbler.start();
                hostile.start();
                try {
                    settledMicros = trade(neighbour, durationNs);
                    Deadline deadline = Deadline.inSeconds(20);
                    while (!areLengthsChanged
                            && !isEveryTemplateScribbled()) { // A stream with a wrong length is rejected soon.
                        deadline.require("every kind of message is scribbled on: " + scribbledTemplates);
                        settledMicros += trade(neighbour, durationNs / 10);
                    }
                } finally {
                    isOver.set(true);
                    hostile.join(TimeUnit.SECONDS.toMillis(10));
                    scribbler.join(TimeUnit.SECONDS.toMillis(10));
                    assertFalse(scribbler.isAlive() || hostile.isAlive(), "both end when they are told to");
                    hostileLogs.forEach(IoUtil::unmap);
                }
                assertNull(failure.get());
                assertFalse(ringfence.hasEnded(), () -> "seed=" + seed + ": " + ringfence.failure());
            }
        }

        assertTrue(
                areLengthsChanged || isEveryTemplateScribbled(),
                () -> everyTemplate + " against " + scribbledTemplates);
        assertNeighbourLostNothing(files, settledMicros);
        JournalProver.Report verified = JournalProver.verify(files.data());
        Replay.Report replayed = Replay.run(files.data());
        assertTrue(verified.isOk(), () -> "seed=" + seed + ": " + verified.faultText());
        assertTrue(replayed.isOk(), () -> "seed=" + seed + ": " + replayed.firstDifference());
        assertEquals(replayed.liveStateDigest(), replayed.stateDigest());
    }

    private boolean isEveryTemplateScribbled() {
        return scribbledTemplates.containsAll(everyTemplate);
    }

    /** Asks and settles as if nobody else were there; each answer must be its own, and right. Returns what was settled. */
    private long trade(RingfenceClient neighbour, long durationNs) {
        long deadlineNs = System.nanoTime() + durationNs;
        long settledMicros = 0;
        do {
            long requestId = neighbour.nextRequestId();
            neighbour
                    .admission()
                    .accountId(NEIGHBOURS_ACCOUNT)
                    .useCase((short) 1)
                    .inputUnits(1_000)
                    .businessValueMicros(VALUE_MICROS)
                    .minimumQualityBps(0); // What the others' requests teach must not decide.
            Answer admitted = neighbour.ask(PATIENCE);
            assertTrue(admitted.isAdmitted(), () -> "seed=" + seed + ": " + admitted.reason());
            assertEquals(requestId, admitted.clientRequestId());
            neighbour
                    .settle()
                    .holdId(admitted.decision().holdId())
                    .kind(SettleKind.COMMIT_FINAL)
                    .amountMicros(COST_MICROS);
            Answer settled = neighbour.ask(PATIENCE);
            assertTrue(settled.isApplied(), () -> "seed=" + seed + ": " + settled.reason());
            settledMicros += COST_MICROS;
        } while (System.nanoTime() - deadlineNs < 0);
        return settledMicros;
    }

    private void assertNeighbourLostNothing(ServerFiles files, long settledMicros) throws IOException {
        try (CountersView counters = CountersView.open(files.counters())) {
            var figures = counters.accounts().get(NEIGHBOURS_ACCOUNT);
            assertEquals(settledMicros, figures.get(AccountFigure.COMMITTED_MICROS), () -> "seed=" + seed);
            assertEquals(0, figures.get(AccountFigure.RESERVED_MICROS), () -> "seed=" + seed);
        }
    }

    /** Sends every kind of message as a trader and as an operator, mostly with the number that is due, and reads what comes back. */
    private static void flood(RawClient desk, RawClient operator, SplittableRandom random, AtomicBoolean isOver) {
        List<byte[]> frames = Frames.all();
        RawClient[] clients = {desk, operator};
        int[] principals = {HOSTILE_DESK, HOSTILE_OPERATOR};
        long[] sessionSequences = {0, 0};
        long requestId = 0;
        while (!isOver.get()) {
            int who = random.nextInt(8) == 0 ? 1 : 0;
            RawClient client = clients[who];
            byte[] frame = frames.get(random.nextInt(frames.size())).clone();
            CommandType type = CommandType.ofTemplate(templateId(frame));
            if (type != null && (type.isOnHold() || type == CommandType.OUTCOME)) {
                long about = Math.max(1, client.lastSequence() - random.nextInt(64));
                new UnsafeBuffer(frame).putLong(CommandType.HOLD_ID_OFFSET, about, ByteOrder.LITTLE_ENDIAN);
            }
            if (client.trySend(frame, sessionSequences[who] + 1, client.replySequence(), ++requestId)) {
                sessionSequences[who]++;
            }
            if (client.drain() == 0 && random.nextInt(512) == 0) {
                sessionSequences[who] = 0;
                client.tryToLogOn(principals[who]); // A changed frame may have ended the session.
            }
        }
    }

    /** Writes into the messages of frames that were committed, and into the lengths of frames now and then if told so. */
    private void scribble(
            List<MappedByteBuffer> logs, SplittableRandom random, boolean areLengthsChanged, AtomicBoolean isOver) {
        List<UnsafeBuffer> buffers = logs.stream().map(UnsafeBuffer::new).toList();
        while (!isOver.get()) {
            UnsafeBuffer log = buffers.get(random.nextInt(buffers.size()));
            int term = random.nextInt(TERMS) * TERM_LENGTH;
            int end = term + TERM_LENGTH;
            int frame = term;
            while (frame < end && !isOver.get()) {
                int length = lengthOfNext(log, frame);
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

    /** At the tail it looks again for some time, so that it meets the next frame before the gateway has read it. */
    private static int lengthOfNext(UnsafeBuffer log, int frame) {
        int length = 0;
        for (int look = 0; look < LOOKS_AT_THE_TAIL && length <= 0; look++) {
            length = log.getIntVolatile(frame);
        }
        return length;
    }

    private void change(UnsafeBuffer log, int offset, int length, SplittableRandom random) {
        if (length >= MessageHeaderDecoder.ENCODED_LENGTH) {
            scribbledTemplates.add(Short.toUnsignedInt(log.getShort(offset + 2, ByteOrder.LITTLE_ENDIAN)));
        }
        int at = offset + random.nextInt(length);
        switch (random.nextInt(4)) {
            case 0 -> log.putByte(at, (byte) random.nextInt());
            case 1 -> log.putByte(offset + random.nextInt(Math.min(8, length)), (byte) random.nextInt(64));
            case 2 -> log.putByte(at, (byte) (log.getByte(at) + 1));
            default -> log.putByte(at, (byte) 0xFF);
        }
    }

    private static int templateId(byte[] frame) {
        return new MessageHeaderDecoder().wrap(new UnsafeBuffer(frame), 0).templateId();
    }

    private static Set<Path> logs(Ringfence ringfence) throws IOException {
        try (Stream<Path> logs = Files.list(Path.of(ringfence.aeronDirectory()).resolve("publications"))) {
            return logs.collect(Collectors.toCollection(HashSet::new));
        }
    }

    /** The logs of the hostile clients' requests: those of the publications that came last. */
    private static List<MappedByteBuffer> map(Set<Path> logs, Set<Path> others) throws IOException {
        logs.removeAll(others);
        assertEquals(2, logs.size(), logs::toString);
        List<MappedByteBuffer> maps = new ArrayList<>();
        for (Path log : logs) {
            try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                maps.add(file.map(FileChannel.MapMode.READ_WRITE, 0, TERMS * TERM_LENGTH));
            }
        }
        return maps;
    }
}
