package io.ringfence.engine.pipeline;

import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.selection.Explored;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.ExplorationGuard;
import io.ringfence.schemas.RecordSectionsDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.ExplorationDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Reads who acts back from a record: takes what was drawn, computes the rest again and compares. One thread; the methods are called in
 * the order of the record's groups.
 */
final class SelectionReader {
    /** The record names no candidate. */
    static final long NO_SELECTION = -1;

    private static final int STAMP = 0; // Places of groups within the sections.
    private static final int EXPLORATION = 9;
    static final int GROUP_HEADER = RecordSectionsDecoder.StampDecoder.sbeHeaderSize();

    private final RecordSectionsDecoder sections;
    private final Differences differences;
    private boolean hasSelection; // What the record says of it.
    private long actedCandidateId;
    private int strategy;
    private int propensityBps;

    SelectionReader(RecordSectionsDecoder sections, Differences differences) {
        this.sections = sections;
        this.differences = differences;
    }

    /**
     * Has a slot know the keyed draw that its record holds, before the stages run; hops over the groups between.
     *
     * @param offset of the group behind the stamp.
     */
    static void noteDraw(DirectBuffer record, int offset, DecisionEvent event) {
        int position = hop(record, offset, STAMP, EXPLORATION);
        int entry = position + GROUP_HEADER;
        boolean isDrawn = record.getByte(position + 1) != 0
                && record.getByte(entry + ExplorationDecoder.guardEncodingOffset()) == ExplorationGuard.NONE.value();
        if (isDrawn) {
            long draw = record.getLong(entry + ExplorationDecoder.drawEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            long pick = record.getLong(entry + ExplorationDecoder.pickEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            event.selection().recordedDraw(event.sequence(), draw, pick);
        }
    }

    /** Returns the offset of a group, from the offset of the one behind an earlier group; both are counted from 0. */
    static int hop(DirectBuffer record, int offset, int behind, int to) {
        int position = offset;
        for (int group = behind + 1; group < to; group++) {
            position += GROUP_HEADER + (record.getByte(position) & 0xFF) * (record.getByte(position + 1) & 0xFF);
        }
        return position;
    }

    /** Returns the candidate that a record names without a request that the kernel saw, or {@link #NO_SELECTION}. */
    long readSelection(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.SelectionDecoder recorded = sections.selection();
        boolean isPresent = recorded.hasNext();
        if (isPresent) {
            recorded.next();
        }
        if (!isRequest) {
            return isPresent ? recorded.actedCandidateId() : NO_SELECTION;
        }
        differences.check("a selection", isPresent ? 1 : 0, 1);
        event.selection()
                .choose(
                        event.policy(),
                        event.input(),
                        event.decision(),
                        event.request().mayBeSubstituted());
        event.wrote(Engine.SELECTION);
        hasSelection = isPresent;
        actedCandidateId = isPresent ? recorded.actedCandidateId() : 0;
        strategy = isPresent ? recorded.strategyRaw() : 0;
        propensityBps = isPresent ? recorded.propensityBps() : 0;
        return NO_SELECTION;
    }

    /** Finds the near candidates again, and takes from the record what was drawn, or what kept the kernel's choice. */
    void readExploration(DecisionEvent event, boolean isRequest) {
        ExplorationDecoder recorded = sections.exploration();
        boolean isPresent = recorded.hasNext();
        if (isPresent) {
            recorded.next();
        }
        boolean isOpen = isRequest && mayExplore(event);
        differences.check("an exploration", isPresent ? 1 : 0, isOpen ? 1 : 0);
        if (!isOpen || !isPresent) {
            return;
        }
        Explored explored = event.selection().explored();
        ExplorationRule rule = rule(event);
        int guard = recorded.guardRaw();
        if (guard > ExplorationGuard.NO_KEY.value()) {
            differences.add("guard " + guard + " stands, which this build does not know");
        } else if (guard != ExplorationGuard.NONE.value()) {
            explored.withhold(ExplorationGuard.get((short) guard));
        } else if (rule.method() == ExplorationRule.Method.KEYED) {
            explored.draw(rule.rateBps(), recorded.draw(), recorded.pick());
        } else {
            explored.play(event.input());
        }
        differences.check("keyed draw", recorded.draw(), explored.draw());
        differences.check("pick", recorded.pick(), explored.pick());
    }

    private static boolean mayExplore(DecisionEvent event) {
        boolean mayAct = event.request().mayBeSubstituted() && event.decision().isSelected();
        ExplorationRule rule = rule(event);
        return mayAct
                && rule.explores()
                && event.selection().explore(event.policy(), event.input(), event.decision(), rule.nearMicros());
    }

    private static ExplorationRule rule(DecisionEvent event) {
        UseCase useCase = event.policy().useCase(event.request().useCase());
        return useCase == null ? ExplorationRule.NONE : useCase.exploration();
    }

    /** The candidates in play are computed again; their posteriors and draws are those of the record. */
    void readCandidates(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.CandidateDrawDecoder recorded = sections.candidateDraw();
        Explored explored = isRequest ? event.selection().explored() : null;
        int inPlay = explored == null ? 0 : explored.inPlayCount();
        int count = recorded.count();
        differences.check("candidates in play", count, inPlay);
        for (int place = 0; place < count; place++) {
            recorded.next();
            if (place < inPlay) {
                differences.check("candidate in play", recorded.candidateId(), explored.candidateId(place));
                explored.posterior(place, recorded.successes(), recorded.failures(), recorded.draw());
            }
        }
        if (inPlay > 0) {
            explored.playTo();
        }
    }

    void check(DecisionEvent event) {
        Selection selection = event.selection();
        if (selection.hasNear()) {
            selection.follow(event.policy(), event.input());
        }
        if (hasSelection) {
            differences.check("acted candidate", actedCandidateId, selection.actedCandidateId());
            differences.check("strategy", strategy, selection.strategy().value());
            differences.check("propensity", propensityBps, selection.propensityBps());
        }
    }
}
