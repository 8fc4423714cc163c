package io.ringfence.perf.floor;

import io.ringfence.perf.floor.Drive.Extent;
import io.ringfence.perf.floor.Load.Who;
import io.ringfence.perf.floor.LoadResult.Run;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Runs contestants one at a time, each in a fresh directory that is deleted afterwards.
 *
 * <p>Before the first run it records the flow with the answers of the product, and measures the lengths of records.
 */
final class Trial {
    /** Most that the records of one run may take. */
    static final long RUN_BYTES_MAX = 1_500_000_000L;

    private static final int FLOW_MESSAGES = 1 << 17;
    private static final int PROBE_MESSAGES = 20_000;

    private final Map<Load, Script> scripts = new EnumMap<>(Load.class);
    private final Path home;
    private final Scratch scratch;
    private final Extent warmUp;
    private final Extent measured;
    private int[] turnLengths; // Of orders and fills, the same under every load.

    /**
     * @param home     of the installation.
     * @param warmUp   before each measurement.
     * @param measured of each.
     */
    Trial(Path home, Scratch scratch, Extent warmUp, Extent measured) {
        this.home = home;
        this.scratch = scratch;
        this.warmUp = warmUp;
        this.measured = measured;
    }

    /** Runs one contestant under one load. */
    Run run(Load load, Who who) {
        return run(load, who, warmUp, measured);
    }

    /** Runs as {@link #run(Load, Who)} does, so that all code is compiled before the first round counts. */
    void rehearse(Load load, Who who) {
        run(load, who, warmUp, warmUp);
    }

    private Run run(Load load, Who who, Extent before, Extent extent) {
        Script script = scripts.computeIfAbsent(load, this::script);
        long messagesMax = (long) (RUN_BYTES_MAX / script.meanRecordLength());
        Path directory = scratch.fresh();
        try (Contestant contestant = start(load, who, directory)) {
            Drive drive = new Drive(script, contestant.link(), load.inflight());
            drive.run(before.atMost(messagesMax / 3));
            drive.latency().reset();
            ThreadFigures.Probe probe = new ThreadFigures.Probe(contestant.serverThread());
            long answeredBefore = drive.answered();
            ThreadFigures serverBefore = probe.read();
            long clientBeforeNs = ThreadFigures.ownCpuNs();
            long beginNs = System.nanoTime();
            drive.run(extent.atMost(messagesMax - messagesMax / 3));
            long durationNs = System.nanoTime() - beginNs;
            long clientCpuNs = ThreadFigures.ownCpuNs() - clientBeforeNs;
            ThreadFigures server = probe.read().minus(serverBefore);
            requireGranted(load, drive);
            return new Run(
                    drive.answered() - answeredBefore,
                    durationNs,
                    drive.latency().getValueAtPercentile(50),
                    drive.latency().getValueAtPercentile(99),
                    server,
                    clientCpuNs,
                    contestant.stop());
        } finally {
            Scratch.delete(directory);
        }
    }

    /** In the flow some are refused, as they were when it was recorded. */
    private static void requireGranted(Load load, Drive drive) {
        if (!load.isFlow() && drive.denied() > 0) {
            throw new IllegalStateException(
                    "every order must be admitted and every fill booked: denied=" + drive.denied());
        }
    }

    private Contestant start(Load load, Who who, Path directory) {
        return switch (who) {
            case ECHO -> FloorContestant.echo(scratch.aeronDirectory());
            case FLOOR ->
                FloorContestant.floor(scratch.aeronDirectory(), directory, load.durability(), load.inflight());
            case RINGFENCE -> new RingfenceContestant(home, scratch.aeronDirectory(), directory, load.durability());
        };
    }

    private Script script(Load load) {
        if (!load.isFlow() && turnLengths != null) {
            return inTurn(load, turnLengths);
        }
        Path directory = scratch.fresh();
        try (RingfenceContestant ringfence =
                new RingfenceContestant(home, scratch.aeronDirectory(), directory, load.durability())) {
            return load.isFlow() ? flow(load, ringfence) : inTurn(load, ringfence);
        } finally {
            Scratch.delete(directory);
        }
    }

    private Script flow(Load load, RingfenceContestant ringfence) {
        int messages = (int) Math.min(FLOW_MESSAGES, measured.messages());
        FlowRecorder recorder = new FlowRecorder(home, ringfence.link(), messages, load.inflight());
        Script script = recorder.record();
        ringfence.close();
        RecordedWork.lengths(ringfence.journal(), script, recorder.firstRequestId());
        return script;
    }

    private Script inTurn(Load load, RingfenceContestant ringfence) {
        new Drive(Script.inTurn(load.inflight()), ringfence.link(), load.inflight())
                .run(new Extent(Math.min(PROBE_MESSAGES, measured.messages()), Long.MAX_VALUE / 4));
        ringfence.close();
        turnLengths = RecordedWork.meanLengths(ringfence.journal());
        return inTurn(load, turnLengths);
    }

    private static Script inTurn(Load load, int[] recordLengths) {
        Script script = Script.inTurn(load.inflight());
        script.recordLengths(recordLengths);
        return script;
    }
}
