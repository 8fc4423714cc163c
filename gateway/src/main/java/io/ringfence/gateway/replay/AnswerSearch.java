package io.ringfence.gateway.replay;

import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Verdict;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the first answers to some requests in one reading of a journal, and whether their holds still stand at its end. The
 * reading begins with the roll file that holds the first of them; with the first record if a request is known by its id only.
 *
 * <p>For one search; not thread safe.
 */
final class AnswerSearch {
    private final Long2ObjectHashMap<List<PastQuestion>> open = new Long2ObjectHashMap<>();
    private final Map<PastQuestion, byte[]> answers = new HashMap<>();
    private final RecordedDecision decision = new RecordedDecision();
    private final HoldWatch holds = new HoldWatch();
    private final AnswerEncoder encoder;
    private final AdmissionDecisionDecoder decoder = new AdmissionDecisionDecoder();
    private final AdmissionDecisionEncoder standing = new AdmissionDecisionEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer();
    private final int questionCount;
    private final long firstSequence;
    private PolicyHistory history;
    private boolean isComplete;

    /** @param durability named in every answer. */
    AnswerSearch(List<PastQuestion> questions, Durability durability) {
        this.encoder = new AnswerEncoder(durability);
        this.firstSequence = Math.max(
                1, questions.stream().mapToLong(PastQuestion::sequence).min().orElse(1));
        this.questionCount = (int) questions.stream().distinct().count();
        questions.forEach(question -> open.computeIfAbsent(question.clientRequestId(), id -> new ArrayList<>())
                .add(question));
    }

    /**
     * Reads the journal up to the record after which no answer and no state of a hold can change.
     *
     * @param lastSequence last record that may be answered from.
     * @param isStopped    asked at each record; true ends the reading.
     * @throws JournalException {@code DAMAGED} if a record is damaged or does not come to what it says; what was found before it
     *     may be answered.
     */
    void read(Path directory, long lastSequence, BooleanSupplier isStopped) {
        long first = JournalReader.firstOfFile(directory, firstSequence);
        try (JournalReader reader = JournalReader.follow(directory, first)) {
            long sequence = first - 1;
            while (sequence < lastSequence && !isComplete && !isStopped.getAsBoolean() && reader.next()) {
                if (history == null) {
                    history = PolicyHistory.before(directory, reader.policySequenceBefore());
                }
                take(directory, reader.record());
                sequence = reader.record().sequence();
            }
            if (reader.fault() != null) {
                throw damaged(directory, reader.fault().text());
            }
            if (!isComplete && sequence < lastSequence && !isStopped.getAsBoolean()) {
                throw damaged(directory, "its end, sequence " + sequence + ": it must reach " + lastSequence);
            }
            isComplete |= sequence >= lastSequence;
        }
    }

    /** The first answer to a question, with the present state of its hold; null if there is none. */
    byte[] answer(PastQuestion question) {
        byte[] answer = answers.get(question);
        if (answer == null) {
            return null;
        }
        buffer.wrap(answer);
        decoder.wrap(
                buffer,
                MessageHeaderDecoder.ENCODED_LENGTH,
                AdmissionDecisionDecoder.BLOCK_LENGTH,
                AdmissionDecisionDecoder.SCHEMA_VERSION);
        if (decoder.holdId() != AdmissionDecisionDecoder.holdIdNullValue()) {
            standing.wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH)
                    .holdStands(isComplete ? holds.holdStands(decoder.holdId()) : Tristate.UNKNOWN);
        }
        return answer;
    }

    private void take(Path directory, RecordView record) {
        history.accept(record);
        if (record.kind() == CommandKind.TICK) {
            holds.sweptTo(record.timestampNs());
            look();
            return;
        }
        List<PastQuestion> asked = asked(record);
        if (asked.isEmpty() && !holds.isOfInterest(record.kind())) {
            return;
        }
        decision.read(record, history.policy());
        if (decision.difference() != null) {
            throw damaged(
                    directory,
                    "sequence " + record.sequence() + ": does not come to what it says: " + decision.difference());
        }
        holds.accept(decision.event());
        if (!asked.isEmpty() && AnswerEncoder.isFirstOfItsId(decision.event())) {
            answer(asked, decision.event());
        }
        look();
    }

    private static JournalException damaged(Path directory, String what) {
        return new JournalException(
                JournalException.Reason.DAMAGED, "the journal in " + directory + " is damaged at " + what);
    }

    /** The search is complete when every answer is found and no followed hold stands. */
    private void look() {
        isComplete = answers.size() == questionCount && !holds.hasStanding();
    }

    /** Open questions about the request of a record. */
    private List<PastQuestion> asked(RecordView record) {
        CommandType type = CommandType.of(record.kind());
        if (record.principalId() == 0 || type == null || !type.isOfClient()) {
            return List.of();
        }
        List<PastQuestion> questions = open.get(record.buffer()
                .getLong(record.commandOffset() + CommandType.REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN));
        return questions == null
                ? List.of()
                : questions.stream()
                        .filter(question ->
                                question.principalId() == record.principalId() && !answers.containsKey(question))
                        .toList();
    }

    private void answer(List<PastQuestion> asked, DecisionEvent event) {
        for (PastQuestion question : asked) {
            byte[] answer = new byte[AnswerEncoder.LENGTH];
            encoder.encode(event, new UnsafeBuffer(answer), 0);
            answers.put(question, answer);
        }
        long holdId = event.verdict().holdId();
        // What a settle leaves may have a deadline, which only its admission tells.
        if (holdId != Verdict.NO_HOLD && event.type() != CommandType.SETTLE) {
            holds.follow(holdId, AnswerEncoder.holdDeadlineNs(event));
        }
    }
}
