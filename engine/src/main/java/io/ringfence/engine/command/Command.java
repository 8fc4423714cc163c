package io.ringfence.engine.command;

import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OutcomeFactsDecoder;
import io.ringfence.schemas.OutcomeLessonDecoder;
import io.ringfence.schemas.RecordHeaderEncoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A command as received, with the stamps of the gateway, in the bytes that its journal record will have.
 *
 * <pre>
 *   bytes:  room for tag and previous hash 51 | record header 37 | command | sections | seal
 * </pre>
 *
 * <p>The bytes are loaded and checked here before the slot is claimed, so nobody outside the process can change them afterwards. One
 * of each slot; used by the thread that has the slot in hand.
 */
public final class Command {
    /** Stands for "no ticket". */
    public static final long NO_TICKET = 0;

    /** Longest command of a client, header included. */
    public static final int CLIENT_LENGTH_MAX = 512;

    /**
     * Where the record begins in {@link #bytes()}; the room before it is the log's. Behind its header the command begins on a multiple of
     * 8 bytes. So a field of 8 bytes that is aligned in the message does not cross a cache line.
     */
    public static final int RECORD_OFFSET = 51;

    /** Where the command begins, counted from the record. */
    public static final int OFFSET_IN_RECORD = MessageHeaderEncoder.ENCODED_LENGTH + RecordHeaderEncoder.BLOCK_LENGTH;

    /** Room for the longest sections and the seal. */
    private static final int BEHIND_COMMAND = 640;

    private static final int BEFORE_COMMAND = RECORD_OFFSET + OFFSET_IN_RECORD;

    private final byte[] slotBytes = new byte[BEFORE_COMMAND + CLIENT_LENGTH_MAX + BEHIND_COMMAND];
    private final UnsafeBuffer record = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private final Stamp ofDecision = new Stamp();
    private final Stamp ofParent = new Stamp();
    private final Request request = new Request();
    private boolean isRead;
    private boolean isStamped; // If not, what the stamps have is an earlier command's.
    private byte[] bytes;
    private int length;
    private CommandType type;
    private long sequence;
    private long timestampNs;
    private int sessionId;
    private int principalId;
    private long ticket;

    /** Holds no command yet. */
    public Command() {
        use(slotBytes);
    }

    private void use(byte[] memory) {
        bytes = memory;
        record.wrap(memory, RECORD_OFFSET, memory.length - RECORD_OFFSET);
        message.wrap(memory, BEFORE_COMMAND, memory.length - BEFORE_COMMAND);
    }

    /**
     * Copies a message to where its record will have it. It has no facts, no lesson and no ticket then.
     *
     * <p>A message longer than {@link #CLIENT_LENGTH_MAX}, a piece of a policy, gets an array of its own, so it allocates. The next message
     * that is shorter drops that array.
     *
     * @param offset of the message header.
     * @param length in bytes, header included; 0 and above.
     */
    public void load(DirectBuffer source, int offset, int length) {
        if (length > CLIENT_LENGTH_MAX) {
            use(new byte[BEFORE_COMMAND + length + BEHIND_COMMAND]);
        } else if (bytes != slotBytes) {
            use(slotBytes);
        }
        message.putBytes(0, source, offset, length);
        this.length = length;
        isRead = false;
        isStamped = false;
        ticket = NO_TICKET;
    }

    /**
     * Stamps the loaded message.
     *
     * @param sequence    the next one; 1 and above.
     * @param timestampNs event time; not below the last one.
     * @param sessionId   session it came by; 0 for none.
     * @param principalId whose command; 0 for the engine itself.
     */
    public void stamp(CommandType type, long sequence, long timestampNs, int sessionId, int principalId) {
        this.type = type;
        this.sequence = sequence;
        this.timestampNs = timestampNs;
        this.sessionId = sessionId;
        this.principalId = principalId;
    }

    /** Stamps the loaded message with the facts of the decision that it names: an {@code OutcomeFacts} block. */
    public void stampFacts(DirectBuffer source, int offset) {
        ofDecision().stampFacts(source, offset);
    }

    /** Stamps the loaded outcome with the earlier outcome of its decision that stood: an {@code OutcomeLesson} block. */
    public void stampLesson(DirectBuffer source, int offset) {
        ofDecision().stampLesson(source, offset);
    }

    /** Removes the stamps of the loaded message: facts and lessons. */
    public void dropStamps() {
        isStamped = false;
    }

    /** Writes the wall clock into the loaded message, a {@code ClockCommand}: ns since 1970. */
    public void stampWallClock(long wallClockNs) {
        record.putLong(OFFSET_IN_RECORD + CommandType.CLOCK.clientTimeOffset(), wallClockNs, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads the fields of the loaded message, unless they were read since it was loaded. Its block is whole.
     *
     * @param requestType which request it is: {@link CommandType#ADMISSION} or {@link CommandType#ORDER}.
     * @return the fields, also from {@link #request()}.
     */
    public Request read(CommandType requestType) {
        if (!isRead) {
            request.read(requestType, message);
            isRead = true;
        }
        return request;
    }

    /** The fields of a request, once {@link #read}; while another command is loaded, those of an earlier request. */
    public Request request() {
        return request;
    }

    /** Notes a number by which the sender of the loaded message finds it again. No record has it. */
    public void ticket(long ticket) {
        this.ticket = ticket;
    }

    /** The number that its sender gave; {@link #NO_TICKET} for none. */
    public long ticket() {
        return ticket;
    }

    /** What it is. */
    public CommandType type() {
        return type;
    }

    /** The message with its header, from 0 to {@link #length()}. */
    public DirectBuffer message() {
        return message;
    }

    /** Length of the message in bytes, header included. */
    public int length() {
        return length;
    }

    /** The command's identity, and its record's and hold's: from 1, no gaps, never reset. */
    public long sequence() {
        return sequence;
    }

    /** Event time in nanoseconds since 1970. Never falls. */
    public long timestampNs() {
        return timestampNs;
    }

    /** Session it came by; 0 for none. */
    public int sessionId() {
        return sessionId;
    }

    /** Whose command; 0 for the engine itself. */
    public int principalId() {
        return principalId;
    }

    /** Did a client send it, so that it is remembered and answered? Otherwise it is the engine's own. */
    public boolean isOfClient() {
        return principalId != 0 && type.isOfClient();
    }

    /** What it is stamped with of the decision that it names. */
    public Stamp ofDecision() {
        beginStamps();
        return ofDecision;
    }

    /** What an outcome of a retry is stamped with of the decision that it charges: that which the retry named as its parent. */
    public Stamp ofParent() {
        beginStamps();
        return ofParent;
    }

    private void beginStamps() {
        if (!isStamped) {
            ofDecision.drop();
            ofParent.drop();
            isStamped = true;
        }
    }

    /** Is it stamped with the facts of a decision? */
    public boolean hasFacts() {
        return isStamped && ofDecision.hasFacts();
    }

    /** Is it an outcome of a retry, stamped with the facts of the decision that it charges? */
    public boolean hasParent() {
        return isStamped && ofParent.hasFacts();
    }

    /** Facts of the decision that it names; an earlier command's unless {@link #hasFacts()}. */
    public OutcomeFactsDecoder facts() {
        return ofDecision.facts();
    }

    /** The bytes of {@link #facts()}: an {@code OutcomeFacts} block from 0. */
    public DirectBuffer factsBytes() {
        return ofDecision.factsBytes();
    }

    /** Is it stamped with an earlier outcome of its decision? If not, none stood. */
    public boolean hasLesson() {
        return isStamped && ofDecision.hasLesson();
    }

    /** The earlier outcome that stood, with its lesson; an earlier command's unless {@link #hasLesson()}. */
    public OutcomeLessonDecoder lesson() {
        return ofDecision.lesson();
    }

    /** The bytes of {@link #lesson()}: an {@code OutcomeLesson} block from 0. */
    public DirectBuffer lessonBytes() {
        return ofDecision.lessonBytes();
    }

    /** The client's id; only of a type that is {@link CommandType#isOfClient()}. */
    public long clientRequestId() {
        return message.getLong(CommandType.REQUEST_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Hash of the body: what must be equal for two messages to be the same request. Only of a type that is
     * {@link CommandType#isOfClient()}, whose root block the message has in full.
     *
     * <p>Outside the body are the message header except its template id, the session fields, which every client message has first, and
     * the client's time, where the message has one.
     */
    public long bodyHash() {
        return BodyHash.of(type, bytes, BEFORE_COMMAND, BEFORE_COMMAND + length);
    }

    /** The hold acted on; only of a type that is {@link CommandType#isOnHold()}. */
    public long holdId() {
        return message.getLong(CommandType.HOLD_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** All bytes of the slot; the record stands from {@link #RECORD_OFFSET} on. */
    public byte[] bytes() {
        return bytes;
    }

    /** The record, from 0, for the stage that writes it. */
    public MutableDirectBuffer record() {
        return record;
    }
}
