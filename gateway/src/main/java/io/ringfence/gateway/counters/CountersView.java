package io.ringfence.gateway.counters;

import io.ringfence.engine.selection.PublishedExploration.Figure;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersFile.PositionFigure;
import io.ringfence.journal.JournalDirectory;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * The numbers of an engine as read from its counters file, by any process, while it runs or after it ended.
 *
 * <p>Each number is read by itself: figures of one account may be of neighbouring moments. Not thread safe; allocates.
 */
public final class CountersView implements AutoCloseable {
    /** Life of an engine, as its counters file and process tell it. */
    public enum State {
        /** The process runs and does not serve yet: it reads its journal. */
        STARTING,
        /** The process serves and has not marked an end. */
        RUNNING,
        /** It stopped cleanly. */
        STOPPED,
        /** It could not start, stopped by itself, or could not stop cleanly, because something is broken. */
        FAILED,
        /** The process ended without marking an end: kill -9, or a crash of the JVM or of the machine. */
        KILLED
    }

    private final Path directory;
    private final MappedByteBuffer file;
    private final ByteBuffer header;
    private final CountersReader reader;

    private CountersView(Path directory, MappedByteBuffer file, int counterCount) {
        this.directory = directory;
        this.file = file;
        this.header = CountersLayout.header(file);
        this.reader = new CountersReader(
                CountersLayout.descriptions(file, counterCount),
                CountersLayout.values(file, counterCount),
                StandardCharsets.UTF_8);
    }

    /**
     * Opens a counters file for reading.
     *
     * @throws IOException when there is none, or the file is not one of this version's.
     */
    public static CountersView open(Path path) throws IOException {
        try (FileChannel channel =
                FileChannel.open(RegularFile.require(path, "a counters file"), StandardOpenOption.READ)) {
            if (channel.size() < CountersLayout.DESCRIPTIONS_OFFSET) {
                throw new IOException("not a counters file, too short: " + path);
            }
            MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            ByteBuffer header = CountersLayout.header(file);
            int counterCount = header.getInt(CountersLayout.COUNTER_COUNT_OFFSET);
            if (header.getLong(CountersLayout.MAGIC_OFFSET) != CountersLayout.MAGIC
                    || header.getInt(CountersLayout.VERSION_OFFSET) != CountersLayout.VERSION
                    || counterCount < 0
                    || CountersLayout.fileLength(counterCount) != channel.size()) {
                IoUtil.unmap(file);
                throw new IOException("not a counters file of version " + CountersLayout.VERSION + ": " + path);
            }
            return new CountersView(path.toAbsolutePath().getParent(), file, counterCount);
        }
    }

    /** Process that wrote or writes the file. */
    public long processId() {
        return header.getLong(CountersLayout.PROCESS_ID_OFFSET);
    }

    /** Does the process live that has the journal beside the file? A process of the same number proves nothing. */
    public boolean isEngineAlive() {
        try {
            return JournalDirectory.isInUse(directory);
        } catch (IOException unknown) {
            throw new UncheckedIOException(
                    directory + ": cannot be asked for its owner: " + unknown.getMessage(), unknown);
        }
    }

    /** Start of the process: wall clock, ns since 1970. */
    public long startedAtNs() {
        return header.getLong(CountersLayout.STARTED_AT_OFFSET);
    }

    /** Clean stop of the engine: wall clock, ns since 1970; 0 while it runs and after a failure or a kill. */
    public long endedAtNs() {
        return header.getLong(CountersLayout.ENDED_AT_OFFSET);
    }

    /** State of the engine that writes or wrote the file. */
    public State state() {
        if (engine().getOrDefault(EngineCounter.FAILED, 0L) != 0) {
            return State.FAILED;
        }
        if (endedAtNs() != 0) {
            return State.STOPPED;
        }
        if (!isEngineAlive()) {
            return State.KILLED;
        }
        return engine().getOrDefault(EngineCounter.STARTING, 0L) != 0 ? State.STARTING : State.RUNNING;
    }

    /** Mode of its pipeline. */
    public String mode() {
        return text(CountersLayout.MODE_OFFSET);
    }

    /** What its answers wait for. */
    public String durability() {
        return text(CountersLayout.DURABILITY_OFFSET);
    }

    /** The policy in force as shown last; null while none is. */
    public ActivePolicy policy() {
        return ActivePolicy.read(
                new UnsafeBuffer(file, 0, CountersLayout.DESCRIPTIONS_OFFSET), CountersLayout.POLICY_OFFSET);
    }

    private String text(int offset) {
        byte[] bytes = new byte[CountersLayout.TEXT_LENGTH];
        header.get(offset, bytes);
        return new String(bytes, StandardCharsets.US_ASCII).trim(); // Zero bytes are trimmed too.
    }

    /** Every figure of the engine. */
    public Map<EngineCounter, Long> engine() {
        Map<EngineCounter, Long> values = new EnumMap<>(EngineCounter.class);
        reader.forEach((counterId, typeId, key, label) -> {
            if (typeId == EngineCounter.TYPE_ID) {
                values.put(EngineCounter.values()[key.getInt(0)], reader.getCounterValue(counterId));
            }
        });
        return values;
    }

    /** How often each reason was given, by code; reasons never given are left out. */
    public Map<ReasonCode, Long> reasons() {
        Map<ReasonCode, Long> values = new EnumMap<>(ReasonCode.class);
        reader.forEach((counterId, typeId, key, label) -> {
            if (typeId == CountersFile.REASON_TYPE_ID) {
                values.put(ReasonCode.get(key.getInt(0)), reader.getCounterValue(counterId));
            }
        });
        return values;
    }

    /** Principals that have a session; of the first {@link CountersFile#MAX_PRINCIPALS} that had one. */
    public Set<Integer> principalsWithSession() {
        Set<Integer> principals = new TreeSet<>();
        reader.forEach((counterId, typeId, key, label) -> {
            if (typeId == CountersFile.SESSION_TYPE_ID && reader.getCounterValue(counterId) > 0) {
                principals.add(key.getInt(0));
            }
        });
        return principals;
    }

    /** What use cases have explored in the last period in which they were to, by code. */
    public Map<Integer, Map<Figure, Long>> exploration() {
        Map<Integer, Map<Figure, Long>> useCases = new TreeMap<>();
        reader.forEach((counterId, typeId, key, label) -> {
            if (typeId == CountersFile.EXPLORATION_TYPE_ID) {
                useCases.computeIfAbsent(key.getInt(0), absent -> new EnumMap<>(Figure.class))
                        .put(Figure.values()[key.getInt(Integer.BYTES)], reader.getCounterValue(counterId));
            }
        });
        return useCases;
    }

    /** The figures of each account shown, by account id. */
    public Map<Long, Map<AccountFigure, Long>> accounts() {
        Map<Long, Map<AccountFigure, Long>> accounts = new TreeMap<>();
        reader.forEach((counterId, typeId, key, label) -> {
            if (typeId == AccountFigure.TYPE_ID) {
                accounts.computeIfAbsent(key.getLong(0), absent -> new EnumMap<>(AccountFigure.class))
                        .put(AccountFigure.values()[key.getInt(Long.BYTES)], reader.getCounterValue(counterId));
            }
        });
        return accounts;
    }

    /** How accounts stand in instruments: account id to instrument id to the figures that are not 0, in 1e-8 units. */
    public Map<Long, Map<Long, Map<PositionFigure, Long>>> positions() {
        Map<Long, Map<Long, Map<PositionFigure, Long>>> positions = new TreeMap<>();
        reader.forEach((counterId, typeId, key, label) -> {
            long quantity = reader.getCounterValue(counterId);
            if (typeId == PositionFigure.TYPE_ID && quantity != 0) {
                positions
                        .computeIfAbsent(key.getLong(0), absent -> new TreeMap<>())
                        .computeIfAbsent(key.getLong(Long.BYTES), absent -> new EnumMap<>(PositionFigure.class))
                        .put(PositionFigure.values()[key.getInt(2 * Long.BYTES)], quantity);
            }
        });
        return positions;
    }

    @Override
    public void close() {
        IoUtil.unmap(file);
    }
}
