package io.ringfence.tools.load;

import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.client.IpcStreams;
import io.ringfence.gateway.config.Setting;
import io.ringfence.journal.fault.FileRefusal;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.schemas.Durability;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.OptionRule.Mirrors;
import io.ringfence.tools.OptionRule.Within;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that {@code demo} and {@code load} share. */
final class LoadOptions {
    private static final long DEFAULT_REQUESTS = 200_000;
    private static final long REQUESTS_MAX = 1_000_000_000_000L;
    private static final double RATE_MAX = 1e9;
    private static final double DURATION_MAX_S = 1e6;
    private static final double SECOND_NS = 1e9;

    @Option(
            names = "--input",
            paramLabel = "I",
            defaultValue = "synthetic",
            description =
                    "synthetic[:SEED], order flow made on the spot (default), or bitstamp:FILE, order events as csv,"
                            + " plain, .gz or .bz2. A shorter input is repeated, ids suffixed by the round.")
    private String input;

    @Option(names = "--requests", paramLabel = "N", description = "Orders to ask for (default 200000).")
    @Within(least = 1, most = REQUESTS_MAX)
    private Long requests;

    @Option(names = "--duration", paramLabel = "S", description = "Seconds to run, in place of --requests.")
    @Within(least = 0.001, most = DURATION_MAX_S)
    private Double durationS;

    @Option(
            names = "--warmup",
            paramLabel = "S",
            description =
                    "Seconds to run before anything is counted. demo: on an engine that is then thrown away (default:"
                            + " 100,000 orders, 3 s at most). load: on the engine that is loaded (default 0).")
    @Within(least = 0, most = DURATION_MAX_S)
    private Double warmupS;

    @Option(
            names = "--inflight",
            paramLabel = "N",
            description = "Closed loop: most messages unanswered (default: demo 256, load 64).")
    @Within(least = 1, most = IpcStreams.WINDOW_MAX)
    private Integer inflight;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Open loop: orders a second, latency from the intended send.")
    @Within(least = 0.001, most = RATE_MAX)
    private Double rate;

    @Option(names = "--durability", paramLabel = "M", description = "What a reply waits for: memory (default) or disk.")
    @Mirrors("durability")
    private String durability;

    @Option(names = "--mode", paramLabel = "P", description = "auto (default), compact, shared or dedicated.")
    @Mirrors("mode")
    private String mode;

    @Option(names = "--policy", paramLabel = "F", description = "Policy file.")
    @OptionRule.OfFile
    private Path policy;

    @Option(names = "--accounts", paramLabel = "F", description = "Accounts file.")
    @OptionRule.OfFile
    private Path accounts;

    @Option(names = "--dir", paramLabel = "D", description = "Directory of the journal.")
    private Path directory;

    @Option(
            names = "--hlog",
            paramLabel = "FILE",
            description = "Write latencies to an HdrHistogram log, one interval a second.")
    private Path hlog;

    /**
     * The plan of the load, without a warm-up.
     *
     * @param inflightDefault most messages unanswered where {@code --inflight} does not say.
     * @throws BadInputException for the first option that is out of range, or goes with another one.
     */
    LoadPlan plan(int inflightDefault) {
        OptionRule.notBoth("--requests", requests, "--duration", durationS);
        OptionRule.notBoth("--inflight", inflight, "--rate", rate);
        long requestsMax = durationS != null ? Long.MAX_VALUE : requests == null ? DEFAULT_REQUESTS : requests;
        return new LoadPlan(
                requestsMax,
                durationS == null ? Long.MAX_VALUE : (long) (durationS * SECOND_NS),
                inflight == null ? inflightDefault : inflight,
                rate == null ? 0 : rate,
                0);
    }

    /** Duration of the warm-up; null if it was not given. */
    Long warmupNs() {
        return warmupS == null ? null : Long.valueOf((long) (warmupS * SECOND_NS));
    }

    LoadInput input() {
        return LoadInput.of(input);
    }

    Optional<Durability> durability() {
        return Optional.ofNullable(durability).flatMap(word -> OptionRule.value(Setting.DURABILITY, word));
    }

    /** The mode asked for; empty also when that is {@code auto}. */
    Optional<PipelineMode> mode() {
        return Optional.ofNullable(mode)
                .flatMap(word -> OptionRule.value(Setting.MODE, word).orElseThrow());
    }

    Optional<Path> policy() {
        return Optional.ofNullable(policy);
    }

    Optional<Path> accounts() {
        return Optional.ofNullable(accounts);
    }

    Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    /**
     * Where latencies are to be written. Tried before anything runs: the file is made, or left as it is when it is there.
     *
     * @throws BadInputException if it cannot be written.
     */
    Optional<Path> hlog() {
        if (hlog != null) {
            requireWritable(hlog);
        }
        return Optional.ofNullable(hlog);
    }

    private static void requireWritable(Path file) {
        boolean isNew = !Files.exists(file);
        try {
            Files.newOutputStream(
                            RegularFile.require(file, "a log of latencies"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND)
                    .close();
            if (isNew) {
                Files.delete(file);
            }
        } catch (IOException cannot) {
            throw new BadInputException("--hlog: must be a file that can be written: " + FileRefusal.text(cannot));
        }
    }
}
