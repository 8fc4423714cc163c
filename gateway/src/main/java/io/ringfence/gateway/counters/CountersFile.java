package io.ringfence.gateway.counters;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.selection.PublishedExploration;
import io.ringfence.engine.selection.PublishedExploration.Figure;
import io.ringfence.journal.store.Blocks;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntPredicate;
import org.agrona.IoUtil;
import org.agrona.SystemUtil;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/**
 * The numbers of one running engine in a mapped file, which stays readable when the process has ended.
 *
 * <p>One thread writes each number: housekeeping what failed off the path of commands, the duty cycle all others. Any process reads, through
 * {@link CountersView}. Allocates only for what it shows first: an account, a position, a reason, a principal, a use case that explores.
 */
public final class CountersFile implements AutoCloseable {
    /** Name in the data directory. */
    public static final String NAME = "counters.dat";

    /** Length of the file in bytes. */
    public static final long LENGTH = CountersLayout.fileLength(CountersLayout.COUNTER_COUNT);

    /** Most accounts whose figures are shown. */
    public static final int MAX_ACCOUNTS = 1_024;

    /** Most positions that are shown; one position is of one account in one instrument. */
    public static final int MAX_POSITIONS = 2_048;

    /** Most principals of which is shown whether they have a session: the first ones that had one. */
    public static final int MAX_PRINCIPALS = 1_024;

    static final int REASON_TYPE_ID = 1_002;
    static final int SESSION_TYPE_ID = 1_005;
    static final int EXPLORATION_TYPE_ID = 1_006;

    private static final int REASON_LIMIT = 512;
    private static final Figure[] FIGURES = Figure.values();

    private final MappedByteBuffer file;
    private final UnsafeBuffer header;
    private final CountersManager manager;
    private final AtomicCounter[] engine = new AtomicCounter[EngineCounter.values().length];
    private final AtomicCounter[] reasons = new AtomicCounter[REASON_LIMIT];
    private final Long2ObjectHashMap<AccountCounters> accounts = new Long2ObjectHashMap<>();
    private final Int2ObjectHashMap<AtomicCounter> sessions = new Int2ObjectHashMap<>();
    private final AtomicCounter[][] exploration =
            new AtomicCounter[Adaptive.USE_CASES_MAX][]; // By use case, then figure.
    private final AccountCounters notShown = new AccountCounters();
    private int positionCount;

    private CountersFile(MappedByteBuffer file) {
        this.file = file;
        this.header = new UnsafeBuffer(file, 0, CountersLayout.DESCRIPTIONS_OFFSET);
        UnsafeBuffer descriptions = CountersLayout.descriptions(file, CountersLayout.COUNTER_COUNT);
        UnsafeBuffer values = CountersLayout.values(file, CountersLayout.COUNTER_COUNT);
        this.manager = new CountersManager(descriptions, values, StandardCharsets.UTF_8);
        for (EngineCounter counter : EngineCounter.values()) {
            engine[counter.ordinal()] =
                    manager.newCounter(counter.label(), EngineCounter.TYPE_ID, key -> key.putInt(0, counter.ordinal()));
        }
    }

    /**
     * Makes the file anew; one that an earlier process left is replaced, so that its readers keep what they had.
     *
     * <p>Every block is written before the file is mapped: a counter that is first used while the disk is full finds its block there.
     * Writing to a hole of a mapped file would end the duty cycle.
     *
     * @param mode       of the pipeline, as shown; at most 16 characters.
     * @param durability of the answers, as shown; at most 16 characters.
     */
    public static CountersFile create(Path path, String mode, String durability) throws IOException {
        Files.deleteIfExists(path);
        MappedByteBuffer file;
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Blocks.allocate(channel, 0, LENGTH);
            file = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
        }
        CountersFile counters = new CountersFile(file);
        ByteBuffer header = CountersLayout.header(file);
        header.putInt(CountersLayout.VERSION_OFFSET, CountersLayout.VERSION);
        header.putInt(CountersLayout.COUNTER_COUNT_OFFSET, CountersLayout.COUNTER_COUNT);
        header.putLong(CountersLayout.PROCESS_ID_OFFSET, SystemUtil.getPid());
        header.putLong(CountersLayout.STARTED_AT_OFFSET, SystemEpochNanoClock.INSTANCE.nanoTime());
        putText(header, CountersLayout.MODE_OFFSET, mode);
        putText(header, CountersLayout.DURABILITY_OFFSET, durability);
        header.putLong(CountersLayout.MAGIC_OFFSET, CountersLayout.MAGIC);
        return counters;
    }

    private static void putText(ByteBuffer header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > CountersLayout.TEXT_LENGTH) {
            throw new IllegalArgumentException("text must have at most 16 characters: text=" + text);
        }
        header.put(offset, bytes);
    }

    /** Adds 1 to a counter. */
    public void increment(EngineCounter counter) {
        engine[counter.ordinal()].incrementRelease();
    }

    /** Sets a counter that is measured rather than counted. */
    public void set(EngineCounter counter, long value) {
        engine[counter.ordinal()].setRelease(value);
    }

    /** What a counter shows. Safe from any thread. */
    public long get(EngineCounter counter) {
        return engine[counter.ordinal()].get();
    }

    /**
     * Shows which policy is in force.
     *
     * @param sequence of the record that put it into force; 0: before serving began.
     */
    public void policy(long epoch, long sequence, byte[] digest) {
        ActivePolicy.write(header, CountersLayout.POLICY_OFFSET, epoch, sequence, digest);
    }

    /** The policy in force as shown last; null while none is. Safe from any thread. */
    public ActivePolicy policy() {
        return ActivePolicy.read(header, CountersLayout.POLICY_OFFSET);
    }

    /** Counts a reason that was given, in a refusal or in an answer. */
    public void increment(ReasonCode reason) {
        add(reason, 1);
    }

    /** Counts how often a reason was given since it was counted last. */
    public void add(ReasonCode reason, long count) {
        AtomicCounter counter = reasons[reason.value()];
        if (counter == null) {
            counter = manager.newCounter(reason.name(), REASON_TYPE_ID, key -> key.putInt(0, reason.value()));
            reasons[reason.value()] = counter;
        }
        counter.getAndAddRelease(count);
    }

    /** Shows from now on whether a principal has a session; does nothing when {@link #MAX_PRINCIPALS} others are shown. */
    public void watchSessionsOf(int principalId) {
        if (!sessions.containsKey(principalId) && sessions.size() < MAX_PRINCIPALS) {
            sessions.put(
                    principalId,
                    manager.newCounter(
                            "sessions of principal " + principalId,
                            SESSION_TYPE_ID,
                            key -> key.putInt(0, principalId)));
        }
    }

    /** Shows which of the principals that are watched have a session. */
    public void showSessions(IntPredicate hasSession) {
        sessions.forEachInt((principalId, counter) -> counter.setRelease(hasSession.test(principalId) ? 1 : 0));
    }

    /** Shows how much of its bounds each use case has used. The first call for a use case takes counters, and allocates. */
    public void exploration(PublishedExploration told) {
        for (long left = told.useCases(); left != 0; left &= left - 1) {
            int useCase = Long.numberOfTrailingZeros(left);
            if (exploration[useCase] == null) {
                exploration[useCase] = newExploration(useCase);
            }
            for (Figure figure : FIGURES) {
                exploration[useCase][figure.ordinal()].setRelease(told.get(useCase, figure));
            }
        }
    }

    private AtomicCounter[] newExploration(int useCase) {
        AtomicCounter[] figures = new AtomicCounter[FIGURES.length];
        for (Figure figure : FIGURES) {
            figures[figure.ordinal()] = manager.newCounter(
                    "use case " + useCase + " exploration " + figure.label(), EXPLORATION_TYPE_ID, key -> {
                        key.putInt(0, useCase);
                        key.putInt(Integer.BYTES, figure.ordinal());
                    });
        }
        return figures;
    }

    /** The figures of an account; never null. */
    public AccountCounters account(long accountId) {
        AccountCounters account = accounts.get(accountId);
        if (account == null) {
            if (accounts.size() >= MAX_ACCOUNTS) {
                set(EngineCounter.HAS_MORE_ACCOUNTS, 1);
                return notShown;
            }
            account = new AccountCounters(accountId, this, manager);
            accounts.put(accountId, account);
        }
        return account;
    }

    /** Room for the counters of a position; null, and {@link EngineCounter#HAS_MORE_POSITIONS} set, when all is taken. */
    AtomicCounter[] newPosition() {
        if (positionCount == MAX_POSITIONS) {
            set(EngineCounter.HAS_MORE_POSITIONS, 1);
            return null;
        }
        positionCount++;
        return new AtomicCounter[AccountCounters.POSITION_FIGURES.length];
    }

    AtomicCounter newPositionCounter(long accountId, long instrumentId, PositionFigure figure) {
        return manager.newCounter(
                "account " + accountId + " instrument " + instrumentId + " " + figure.label(),
                PositionFigure.TYPE_ID,
                key -> {
                    key.putLong(0, accountId);
                    key.putLong(Long.BYTES, instrumentId);
                    key.putInt(2 * Long.BYTES, figure.ordinal());
                });
    }

    /** Marks that the engine stopped cleanly. Must be the last write: without the mark a reader reports a kill. */
    public void markCleanEnd() {
        CountersLayout.header(file).putLong(CountersLayout.ENDED_AT_OFFSET, SystemEpochNanoClock.INSTANCE.nanoTime());
    }

    @Override
    public void close() {
        IoUtil.unmap(file);
    }

    /** Shows the figures and positions of one account to other processes. For the thread that writes the counters. */
    public static final class AccountCounters {
        private static final AccountFigure[] FIGURES = AccountFigure.values();
        private static final PositionFigure[] POSITION_FIGURES = PositionFigure.values();

        private final AtomicCounter[] counters = new AtomicCounter[FIGURES.length];
        private final Long2ObjectHashMap<AtomicCounter[]> positions = new Long2ObjectHashMap<>();
        private final long accountId;
        private final CountersFile file;

        /** For an account that has no counters because too many accounts are shown: every call does nothing. */
        AccountCounters() {
            accountId = 0;
            file = null;
        }

        AccountCounters(long accountId, CountersFile file, CountersManager manager) {
            this.accountId = accountId;
            this.file = file;
            for (AccountFigure figure : FIGURES) {
                counters[figure.ordinal()] = manager.newCounter(
                        "account " + accountId + " " + figure.label(), AccountFigure.TYPE_ID, key -> {
                            key.putLong(0, accountId);
                            key.putInt(Long.BYTES, figure.ordinal());
                        });
            }
        }

        /** Sets a figure. */
        public void set(AccountFigure figure, long value) {
            AtomicCounter counter = counters[figure.ordinal()];
            if (counter != null) {
                counter.setRelease(value);
            }
        }

        /**
         * Shows a figure of the position in an instrument. The first one that is not 0 takes a counter, and allocates; where no counter
         * is left, {@link EngineCounter#HAS_MORE_POSITIONS} says so.
         *
         * @param quantity in 1e-8 units.
         */
        public void position(long instrumentId, PositionFigure figure, long quantity) {
            AtomicCounter[] figures = positions.get(instrumentId);
            if (figures == null) {
                figures = quantity == 0 || file == null ? null : file.newPosition();
                if (figures == null) {
                    return;
                }
                positions.put(instrumentId, figures);
            }
            AtomicCounter counter = figures[figure.ordinal()];
            if (counter == null && quantity != 0) {
                counter = file.newPositionCounter(accountId, instrumentId, figure);
                figures[figure.ordinal()] = counter;
            }
            if (counter != null) {
                counter.setRelease(quantity);
            }
        }
    }

    /** A figure of one account in one instrument that other processes can read, in 1e-8 units. */
    public enum PositionFigure {
        /** Bought less sold. */
        POSITION("position"),
        /** What open buys may still trade. */
        OPEN_BUYS("open_buys"),
        /** What open sells may still trade. */
        OPEN_SELLS("open_sells");

        static final int TYPE_ID = 1_004;

        private final String label;

        PositionFigure(String label) {
            this.label = label;
        }

        /** Name of the figure in the counter's label. */
        public String label() {
            return label;
        }
    }

    /** A figure of one account that other processes can read. Amounts are in micros of its currency unit. */
    public enum AccountFigure {
        /** Number of open orders. */
        OPEN_ORDERS("open_orders"),
        /** Sum of the holds that stand. */
        RESERVED_MICROS("reserved_micros"),
        /** Sum of what was committed. */
        COMMITTED_MICROS("committed_micros"),
        /** What new holds may still take. */
        AVAILABLE_MICROS("available_micros"),
        /** What was booked beyond the balance; 0 unless overdrawn. */
        OVERDRAWN_MICROS("overdrawn_micros"),
        /** Reported facts that a person has to book or drop; new risk is refused while there are any. */
        OUTSTANDING_FACTS("outstanding_facts");

        static final int TYPE_ID = 1_003;

        private final String label;

        AccountFigure(String label) {
            this.label = label;
        }

        /** Name of the figure in the counter's label. */
        public String label() {
            return label;
        }
    }
}
