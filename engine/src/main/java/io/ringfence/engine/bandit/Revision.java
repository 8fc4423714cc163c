package io.ringfence.engine.bandit;

import io.ringfence.schemas.Disposition;
import io.ringfence.schemas.FollowUp;
import io.ringfence.schemas.OutcomeContentDecoder;
import io.ringfence.schemas.OutcomeContentEncoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.OutcomeReportDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;

/**
 * Compares a report with the earlier outcome of its decision that stands.
 *
 * <p>Content is disposition, success, quality, cost, latency and follow-up. When the client saw it is not part of that: one who reports
 * again after a loss need not know it any more.
 */
public final class Revision {
    /** In the place of a disposition: no outcome of the decision itself stands yet, only what its retries charge it. */
    private static final short NOT_REPORTED = Disposition.NULL_VAL.value();

    private Revision() {}

    /**
     * May the report take the place of the earlier outcome?
     *
     * @return NONE: yes, its revision is higher, or none of the decision itself stands yet; OUTCOME_SUPERSEDED: its revision is lower; OUTCOME_REPEATED: same revision, same content;
     *     OUTCOME_CONTRADICTORY: same revision, other content.
     */
    public static ReasonCode refusal(OutcomeReportDecoder report, OutcomeLessonDecoder earlier) {
        if (report.revision() > earlier.revision() || !isReported(earlier.content())) {
            return ReasonCode.NONE;
        }
        if (report.revision() < earlier.revision()) {
            return ReasonCode.OUTCOME_SUPERSEDED;
        }
        return isSame(report, earlier.content()) ? ReasonCode.OUTCOME_REPEATED : ReasonCode.OUTCOME_CONTRADICTORY;
    }

    private static boolean isSame(OutcomeReportDecoder report, OutcomeContentDecoder content) {
        return report.realizedCostMicros() == content.realizedCostMicros()
                && report.realizedLatencyMs() == content.realizedLatencyMs()
                && report.qualityBps() == content.qualityBps()
                && report.dispositionRaw() == content.disposition()
                && report.successRaw() == content.success()
                && report.followUpRaw() == content.followUp();
    }

    /** Is it the content of an outcome of the decision itself? If not, its retries alone charge it. */
    public static boolean isReported(OutcomeContentDecoder content) {
        return content.disposition() != NOT_REPORTED;
    }

    /** Writes the content of a report. */
    public static void write(OutcomeReportDecoder report, OutcomeContentEncoder content) {
        content.realizedCostMicros(report.realizedCostMicros())
                .realizedLatencyMs(report.realizedLatencyMs())
                .qualityBps(report.qualityBps())
                .disposition(report.dispositionRaw())
                .success(report.successRaw())
                .followUp(report.followUpRaw());
    }

    /** Writes the content that stands for a decision which only its retries charge: nothing is known of it. */
    public static void writeNotReported(OutcomeContentEncoder content) {
        content.realizedCostMicros(OutcomeContentEncoder.realizedCostMicrosNullValue())
                .realizedLatencyMs(OutcomeContentEncoder.realizedLatencyMsNullValue())
                .qualityBps(OutcomeContentEncoder.qualityBpsNullValue())
                .disposition(NOT_REPORTED)
                .success(Tristate.UNKNOWN.value())
                .followUp(FollowUp.NONE.value());
    }
}
