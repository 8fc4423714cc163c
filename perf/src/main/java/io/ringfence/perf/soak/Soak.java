package io.ringfence.perf.soak;

import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.counters.CountersFile.AccountFigure;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.schemas.ReasonCode;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.collections.Long2LongHashMap;

/**
 * Lets a server live many lives under load, each with a fault from outside, and holds it to its promises: each answer that was given is
 * in the journal with the same entry hash, each account has what its client knows, and neither memory nor open files grow from life to life.
 *
 * <p>Whatever cannot be true throws {@link IllegalStateException}, and the files stay for a person to look at.
 */
final class Soak {
    private static final long YEAR_S = 365L * 24 * 3_600;
    private static final long SAMPLE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long PAUSE_NS = 100_000;
    private static final int BEYOND = 500;
    private static final long MISSING = -1;
    private static final int LIVES_THAT_TELL =
            14; // Fewer tell nothing of growth: a life differs from the next by its fault.
    private static final double GROWTH_MAX = 0.1; // Of the mean, from the first life to the last.
    private static final double GROWTH_FILES_MAX = 4;

    /**
     * What it came to.
     *
     * @param faults   how often each was done.
     * @param answers  first answers logged, each found in the journal.
     * @param repeated answers that came again, equal to the first.
     * @param refused  requests that met a limit.
     * @param server   memory and open files of the server, by life.
     * @param client   the same of this process, without its log of answers.
     */
    record Result(
            Map<Fault, Integer> faults,
            long answers,
            long repeated,
            long resends,
            long refused,
            long records,
            String stateDigest,
            Figures server,
            Figures client) {
        /** The figure that grew from life to life; null for none, or when there were too few lives to tell. */
        String growth() {
            if (server.files().size() < LIVES_THAT_TELL) {
                return null;
            }
            if (isGrown(server.memoryBytes())) {
                return "memory of the server";
            }
            if (isGrown(client.memoryBytes())) {
                return "memory of the client";
            }
            double files = Math.max(Figures.rise(server.files()), Figures.rise(client.files()));
            return files > GROWTH_FILES_MAX ? "open files" : null;
        }

        /** The first cycle is not counted: in it a process loads its classes and compiles its code. */
        private boolean isGrown(List<Long> allMemoryBytes) {
            List<Long> memoryBytes = allMemoryBytes.subList(faults.size(), allMemoryBytes.size());
            return Figures.rise(memoryBytes) > GROWTH_MAX * Figures.mean(memoryBytes);
        }
    }

    private final SoakFiles files;
    private final long lifeNs;
    private final long periodNs;
    private final WrongClock clock;
    private final Consumer<String> progress;
    private final SplittableRandom random;
    private final List<SoakDesk> desks;
    private final SoakDesk impatient;
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final Figures serverFigures = new Figures();
    private final Figures clientFigures = new Figures();
    private final ExecutorService aside = Executors.newSingleThreadExecutor();
    private long resends;

    /**
     * @param lifeNs how long a life is under load.
     * @param rate   requests a second of each of two desks.
     * @param clock  null where a wrong clock cannot be given: that fault is left out.
     */
    Soak(SoakFiles files, long lifeNs, int rate, long seed, WrongClock clock, Consumer<String> progress) {
        this.files = files;
        this.lifeNs = lifeNs;
        this.periodNs = TimeUnit.SECONDS.toNanos(1) / rate;
        this.clock = clock;
        this.progress = progress;
        this.random = new SplittableRandom(seed);
        this.desks = List.of(new SoakDesk(1, seed + 1), new SoakDesk(2, seed + 2));
        this.impatient = new SoakDesk(3, seed + 3);
    }

    /** Runs all lives, ends with a clean stop, and checks everything. */
    Result run(int cycles, Set<Fault> wanted) throws IOException, InterruptedException {
        try {
            for (int cycle = 1; cycle <= cycles; cycle++) {
                for (Fault fault : wanted) {
                    if (fault != Fault.CLOCK_AHEAD || clock != null) {
                        progress.accept("cycle " + cycle + " of " + cycles + ": " + fault.text());
                        live(fault);
                        faults.merge(fault, 1, Integer::sum);
                    }
                }
            }
            progress.accept("the last life");
            liveToTheEnd();
        } finally {
            aside.shutdownNow();
        }
        progress.accept("verify, replay, compare");
        return check();
    }

    private void live(Fault fault) throws IOException, InterruptedException {
        try (SoakServer server = ready(Map.of())) {
            connect();
            if (fault == Fault.RESENDS) {
                loadBesideResends(server);
            } else {
                load(server, true);
            }
            if (fault == Fault.LIMIT) {
                for (SoakDesk desk : desks) {
                    desk.pushBeyond(ReasonCode.HOLDS_AT_BOUND, BEYOND);
                }
            }
            serverFigures.endLife();
            clientFigures.sampleThisProcess(logBytes());
            clientFigures.endLife();
            if (fault == Fault.KILL || fault == Fault.FLIP_ABOVE || fault == Fault.OTHER_BOOT) {
                killUnderLoad(server);
            } else {
                stop(server);
            }
        }
        switch (fault) {
            case FLIP_ABOVE -> refusesWhile(files.flipAbove(random));
            case FLIP_BELOW -> refusesWhile(files.flipBelow(random));
            case OTHER_BOOT -> files.otherBoot();
            case CLOCK_AHEAD -> startWithClockAhead();
            case KILL, LIMIT, RESENDS -> {}
        }
    }

    private long logBytes() {
        return impatient.log().bytes()
                + desks.stream().mapToLong(desk -> desk.log().bytes()).sum();
    }

    private void liveToTheEnd() throws IOException, InterruptedException {
        try (SoakServer server = ready(Map.of())) {
            connect();
            stop(server);
        }
    }

    private SoakServer ready(Map<String, String> environment) throws IOException, InterruptedException {
        SoakServer server = SoakServer.start(
                environment, List.of("serve", "--config", files.config().toString()));
        if (!server.isReady()) {
            throw new IllegalStateException("a sound journal must be served: " + server.said());
        }
        return server;
    }

    private void connect() throws IOException {
        for (SoakDesk desk : desks) {
            desk.connect(settings(desk));
        }
        impatient.connect(settings(impatient));
    }

    private ClientSettings settings(SoakDesk desk) {
        return new ClientSettings(
                files.aeron(),
                SoakFiles.REQUEST_STREAM_ID,
                (int) desk.accountId(),
                Duration.ofMillis(200),
                Duration.ofSeconds(20));
    }

    private void stop(SoakServer server) throws InterruptedException {
        for (SoakDesk desk : desks) {
            desk.settleDown();
            desk.disconnect();
        }
        impatient.settleDown();
        impatient.disconnect();
        int exitCode = server.stop();
        if (exitCode != 0) {
            throw new IllegalStateException("a clean stop must exit with 0: exit=" + exitCode);
        }
    }

    /** Both desks ask at their rate; the process is looked at four times a second. */
    private void load(SoakServer server, boolean withImpatient) {
        long beginNs = System.nanoTime();
        long turns = 0;
        long sampled = 0;
        long nowNs = beginNs;
        while (nowNs - beginNs < lifeNs) {
            boolean isDue = turns * periodNs <= nowNs - beginNs;
            for (SoakDesk desk : desks) {
                if (!desk.turn(isDue)) {
                    throw new IllegalStateException("the session of a sound client must go on: said=" + server.said());
                }
            }
            if (withImpatient) {
                impatient.poll(); // For its heartbeat.
            }
            turns += isDue ? 1 : 0;
            if (sampled * SAMPLE_NS <= nowNs - beginNs) {
                serverFigures.sample(server.processId());
                sampled++;
            }
            if (!isDue) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            nowNs = System.nanoTime();
        }
    }

    private void loadBesideResends(SoakServer server) throws InterruptedException {
        for (int i = 0; i < 64; i++) {
            impatient.isAdmitted();
        }
        Future<Long> asked = aside.submit(() -> impatient.askAgainFor(lifeNs));
        load(server, false);
        try {
            resends += asked.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("resends must be answered: " + failed.getMessage(), failed);
        }
        impatient.endDownTo(0); // Else the orders of all cycles would reach the bound of the account.
    }

    private void killUnderLoad(SoakServer server) throws InterruptedException {
        Future<?> killed = aside.submit(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20 + random.nextInt(100)));
            server.kill();
            return null;
        });
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (server.isAlive()) {
            for (SoakDesk desk : desks) {
                desk.turn(true);
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("a process must end within 60 s of its kill: " + server.said());
            }
        }
        try {
            killed.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("a process must end when it is killed: " + failed.getMessage(), failed);
        }
        for (SoakDesk desk : desks) {
            while (desk.poll() > 0) {
                // What it wrote before it died was answered.
            }
            desk.disconnect();
        }
        impatient.disconnect();
    }

    /** A start must refuse a journal with a flipped byte and leave every byte as it was; then the byte is put right. */
    private void refusesWhile(SoakFiles.Flip flip) throws IOException, InterruptedException {
        try (SoakServer server = SoakServer.start(
                Map.of(), List.of("serve", "--config", files.config().toString()))) {
            if (server.isReady()) {
                throw new IllegalStateException("a damaged journal must not be served: " + flip);
            }
            int exitCode = server.exitCode();
            boolean isNamed = server.said().stream().anyMatch(line -> line.contains(Long.toString(flip.sequence())));
            if (exitCode != 3 || !isNamed) {
                throw new IllegalStateException("a refusal must exit with 3 and name sequence " + flip.sequence()
                        + ": exit=" + exitCode + ", said=" + server.said());
            }
        }
        flip.putRight();
    }

    /** One start with the clock ahead; the next refuses new risk, books reports, and goes on once the step is accepted. */
    private void startWithClockAhead() throws IOException, InterruptedException {
        try (SoakServer server = ready(clock.ahead(YEAR_S))) {
            int exitCode = server.stop();
            if (exitCode != 0) {
                throw new IllegalStateException("a clean stop must exit with 0: exit=" + exitCode);
            }
        }
        try (SoakServer server = ready(Map.of())) {
            connect();
            desks.forEach(SoakDesk::forgetEarlierDecisions);
            impatient.forgetEarlierDecisions();
            SoakDesk desk = desks.get(0);
            desk.mayBeRefused(ReasonCode.CLOCK_STEP);
            if (desk.isAdmitted()) {
                throw new IllegalStateException("new risk must be refused while event time is a year ahead");
            }
            desk.fillOne();
            files.acceptClock();
            if (!desk.isAdmitted()) {
                throw new IllegalStateException("new risk must be admitted once the clock's step was accepted");
            }
            desk.mayBeRefused(ReasonCode.NONE);
            stop(server);
        }
    }

    private Result check() throws IOException {
        JournalProver.Report verified = JournalProver.verify(files.data());
        Replay.Report replayed = Replay.run(files.data());
        if (!verified.isOk() || !verified.isAnchored() || !replayed.isOk()) {
            throw new IllegalStateException(
                    "the journal must be whole: " + verified.faultText() + ", " + replayed.firstDifference());
        }
        if (!replayed.stateDigest().equals(replayed.liveStateDigest())) {
            throw new IllegalStateException("the replay must end in the live state: live=" + replayed.liveStateDigest()
                    + ", replayed=" + replayed.stateDigest());
        }
        long answers = requireAnswersInJournal();
        requireBooks();
        return new Result(
                faults,
                answers,
                desks.stream().mapToLong(desk -> desk.log().repetitions()).sum()
                        + impatient.log().repetitions(),
                resends,
                desks.stream().mapToLong(SoakDesk::refusedCount).sum(),
                replayed.records(),
                replayed.stateDigest(),
                serverFigures,
                clientFigures);
    }

    private long requireAnswersInJournal() {
        Long2LongHashMap logged = new Long2LongHashMap(MISSING);
        long answers = impatient.log().count();
        impatient.log().addTo(logged);
        for (SoakDesk desk : desks) {
            if (desk.unansweredCount() > 0) {
                throw new IllegalStateException("requests stayed without an answer: " + desk.unansweredCount());
            }
            desk.log().addTo(logged);
            answers += desk.log().count();
        }
        if (logged.size() != answers) {
            throw new IllegalStateException(
                    "answers share a sequence: answers=" + answers + ", sequences=" + logged.size());
        }
        byte[] hash = new byte[32];
        try (JournalReader reader = JournalReader.open(files.data())) {
            reader.forEach(record -> {
                record.copyEntryHash(hash, 0);
                if (logged.containsKey(record.sequence())
                        && logged.remove(record.sequence()) != AnswerLog.prefix(hash, 0)) {
                    throw new IllegalStateException("answered with another hash: sequence=" + record.sequence());
                }
            });
        }
        if (!logged.isEmpty()) {
            throw new IllegalStateException("answered and not in the journal: sequences=" + logged.keySet());
        }
        return answers;
    }

    private void requireBooks() throws IOException {
        try (CountersView counters = CountersView.open(files.data().resolve("counters.dat"))) {
            Map<Long, Map<AccountFigure, Long>> accounts = counters.accounts();
            for (SoakDesk desk : List.of(desks.get(0), desks.get(1), impatient)) {
                Map<AccountFigure, Long> account = accounts.get(desk.accountId());
                if (account.get(AccountFigure.RESERVED_MICROS) != desk.reservedMicros()
                        || account.get(AccountFigure.COMMITTED_MICROS) != desk.committedMicros()) {
                    throw new IllegalStateException(
                            "account " + desk.accountId() + " must have what its client knows: " + account
                                    + ", reserved=" + desk.reservedMicros() + ", committed=" + desk.committedMicros());
                }
            }
        }
    }
}
