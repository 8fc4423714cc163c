package io.ringfence.gateway.server;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.gateway.answers.AnswerEncoder;
import io.ringfence.gateway.answers.PastAnswers.LateCommand;
import io.ringfence.gateway.answers.PastAnswers.PastQuestion;
import io.ringfence.gateway.answers.PastFacts;
import io.ringfence.gateway.session.Session;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.SnapshotMarkerEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Where other threads hand their commands, and what they looked up, to the duty cycle: ticket 8 bytes | message.
 *
 * <p>The public methods are safe from any thread; the others are the duty cycle's.
 */
public final class AdminPort {
    /**
     * Result of a command that another thread of the process handed in.
     *
     * @param sequence    of the command's record.
     * @param timestampNs event time.
     * @param reason      APPLIED, or the reason why it had no effect.
     * @param entryHash   of its record, 32 bytes.
     */
    public record Reply(long sequence, long timestampNs, ReasonCode reason, byte[] entryHash) {
        /** Did the command take effect? */
        public boolean isApplied() {
            return reason == ReasonCode.APPLIED;
        }
    }

    /** Takes commands whose decisions were looked up. */
    @FunctionalInterface
    interface LateTaker {
        /** {@code found} is null unless {@code result} is NONE. False when there is no room now. */
        boolean take(LateCommand command, ReasonCode result, PastFacts found);
    }

    private record Stamped(LateCommand command, ReasonCode result, PastFacts found) {}

    private record Ended(long ticket, Reply reply) {}

    private static final int QUEUE_LENGTH = 1 << 20;
    private static final int ANSWER_TYPE = 1_000;
    private static final int STAMPED_TYPE = 1_001;
    private static final long LOOK_EVERY_NS = TimeUnit.MICROSECONDS.toNanos(10);

    private final ManyToOneRingBuffer queue = new ManyToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(QUEUE_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
    private final AtomicLong lastTicket = new AtomicLong();
    private final ConcurrentHashMap<Long, CompletableFuture<Reply>> commands = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, PastQuestion> questions = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Stamped> stamped = new ConcurrentHashMap<>();
    private final Sequencer sequencer;
    private final AnswerRepeater repeater;
    private final Sessions sessions;
    private final LookUps lookUps;
    private final LateTaker late;
    private final ControlledMessageHandler handler = this::onMessage;

    private final ArrayDeque<Ended> ended = new ArrayDeque<>();
    private long lookedAtNs;
    private volatile boolean isClosed;

    AdminPort(
            Sequencer sequencer,
            AnswerRepeater repeater,
            Sessions sessions,
            LookUps lookUps,
            LateTaker late,
            long nowNs) {
        this.sequencer = sequencer;
        this.repeater = repeater;
        this.sessions = sessions;
        this.lookUps = lookUps;
        this.late = late;
        this.lookedAtNs = nowNs - LOOK_EVERY_NS;
    }

    /**
     * Hands over a command of the engine's own, such as a piece of a policy or an account of the configuration.
     *
     * @param command one SBE message with its header; the caller vouches for it.
     * @return completes on another thread when the command's record may be relied upon; exceptionally when it was not taken
     *         or the engine stopped before.
     */
    public CompletableFuture<Reply> submit(CommandType type, byte[] command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        long ticket = lastTicket.incrementAndGet();
        commands.put(ticket, reply);
        if (!offer(type.kind().value(), ticket, new UnsafeBuffer(command), 0, command.length)) {
            commands.remove(ticket);
            reply.completeExceptionally(
                    new RejectedExecutionException("the gateway takes no commands now: type=" + type));
        }
        return reply;
    }

    /** Puts a snapshot marker into the total order. */
    public CompletableFuture<Reply> requestSnapshot(long snapshotId) {
        byte[] command = new byte[MessageHeaderEncoder.ENCODED_LENGTH + SnapshotMarkerEncoder.BLOCK_LENGTH];
        new SnapshotMarkerEncoder()
                .wrapAndApplyHeader(new UnsafeBuffer(command), 0, new MessageHeaderEncoder())
                .snapshotId(snapshotId);
        return submit(CommandType.SNAPSHOT, command);
    }

    /**
     * Gives what was found to a past question.
     *
     * @param found the {@code AdmissionDecision} with its header, telling whether its hold still stands; null when there is none.
     * @return false when it could not be handed over now: try again.
     */
    public boolean offerAnswer(PastQuestion question, byte[] found) {
        if (found != null && found.length != AnswerEncoder.LENGTH) {
            throw new IllegalArgumentException("answer must have the length of a decision: length=" + found.length);
        }
        long ticket = lastTicket.incrementAndGet();
        questions.put(ticket, question);
        byte[] answer = found == null ? new byte[0] : found;
        boolean isTaken = offer(ANSWER_TYPE, ticket, new UnsafeBuffer(answer), 0, answer.length);
        if (!isTaken) {
            questions.remove(ticket);
        }
        return isTaken;
    }

    /**
     * Gives what was found for a command.
     *
     * @param result NONE; FIELD_INVALID if the sequence that it names is no decision's; ANSWER_NOT_KEPT if that could not be found out.
     * @param found  null unless {@code result} is NONE.
     * @return false when it could not be handed over now: try again.
     */
    public boolean offerStamped(LateCommand command, ReasonCode result, PastFacts found) {
        long ticket = lastTicket.incrementAndGet();
        stamped.put(ticket, new Stamped(command, result, found));
        boolean isTaken = offer(STAMPED_TYPE, ticket, new UnsafeBuffer(0, 0), 0, 0);
        if (!isTaken) {
            stamped.remove(ticket);
        }
        return isTaken;
    }

    private boolean offer(int typeId, long ticket, DirectBuffer message, int offset, int length) {
        if (isClosed) {
            return false;
        }
        int index = queue.tryClaim(typeId, Long.BYTES + length);
        if (index < 0) {
            return false;
        }
        queue.buffer().putLong(index, ticket);
        queue.buffer().putBytes(index + Long.BYTES, message, offset, length);
        queue.commit(index);
        return true;
    }

    /** Takes what other threads have handed over, as far as the ring has room; looks every ten microseconds. */
    int doWork(long nowNs) {
        if (nowNs - lookedAtNs < LOOK_EVERY_NS) {
            return 0;
        }
        lookedAtNs = nowNs;
        return queue.controlledRead(handler);
    }

    private ControlledMessageHandler.Action onMessage(int typeId, MutableDirectBuffer buffer, int index, int length) {
        long ticket = buffer.getLong(index);
        int offset = index + Long.BYTES;
        int messageLength = length - Long.BYTES;
        if (typeId == ANSWER_TYPE) {
            answer(questions.remove(ticket), messageLength == 0 ? null : buffer, offset);
            return ControlledMessageHandler.Action.CONTINUE;
        }
        if (typeId == STAMPED_TYPE) {
            return take(ticket);
        }
        CommandType type = CommandType.of(CommandKind.get((short) typeId));
        if (!sequencer.hasRoom(type)) {
            return ControlledMessageHandler.Action.ABORT;
        }
        Command command = sequencer.slot().command();
        command.load(buffer, offset, messageLength);
        command.ticket(ticket);
        sequencer.take(type, 0, 0, Sequencer.NO_DECISION);
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private ControlledMessageHandler.Action take(long ticket) {
        Stamped found = stamped.get(ticket);
        if (!late.take(found.command(), found.result(), found.found())) {
            return ControlledMessageHandler.Action.ABORT;
        }
        stamped.remove(ticket);
        lookUps.end(found.command());
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private void answer(PastQuestion question, DirectBuffer found, int offset) {
        lookUps.end(question);
        Session session = sessions.named(question.sessionId());
        if (session != null) {
            repeater.answer(session, question, found, offset);
        }
    }

    /** Notes how a command that came through here ended; {@link #release} completes its reply. */
    void onAppended(DecisionEvent event) {
        long ticket = event.command().ticket();
        if (ticket != Command.NO_TICKET) {
            Reply reply = new Reply(
                    event.sequence(),
                    event.command().timestampNs(),
                    event.verdict().reason(),
                    event.entryHash());
            ended.add(new Ended(ticket, reply));
        }
    }

    /** Completes the replies to commands up to a sequence. */
    void release(long releasedSequence) {
        while (!ended.isEmpty() && ended.peek().reply().sequence() <= releasedSequence) {
            Ended command = ended.remove();
            commands.remove(command.ticket()).completeAsync(command::reply);
        }
    }

    /** Have all commands that came through here and ended been told so? */
    boolean isSettled() {
        return ended.isEmpty();
    }

    /** Fails whatever has not been answered, and takes no more. */
    void close() {
        isClosed = true;
        commands.forEach((ticket, reply) ->
                reply.completeExceptionally(new RejectedExecutionException("the gateway has stopped")));
        commands.clear();
    }
}
