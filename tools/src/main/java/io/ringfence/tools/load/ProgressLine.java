package io.ringfence.tools.load;

import io.ringfence.tools.WatchedLine;
import java.util.Locale;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Shows a person how a load run goes: one line that each second writes over. */
final class ProgressLine implements Consumer<Histogram> {
    private static final double SECOND_MS = 1e3;

    private final WatchedLine line;
    private long startMs;
    private long answered;

    ProgressLine(WatchedLine line) {
        this.line = line;
    }

    @Override
    public void accept(Histogram interval) {
        if (startMs == 0) {
            startMs = interval.getStartTimeStamp();
        }
        answered += interval.getTotalCount();
        double intervalS = Math.max(1, interval.getEndTimeStamp() - interval.getStartTimeStamp()) / SECOND_MS;
        if (answered == 0) {
            line.say("warming up");
            return;
        }
        line.say(String.format(
                Locale.ROOT,
                "%,5.0f s  %,14d orders  %,11.0f a second  p50 %s  p99 %s",
                (interval.getEndTimeStamp() - startMs) / SECOND_MS,
                answered,
                interval.getTotalCount() / intervalS,
                LoadText.time(interval.getValueAtPercentile(50)),
                LoadText.time(interval.getValueAtPercentile(99))));
    }
}
