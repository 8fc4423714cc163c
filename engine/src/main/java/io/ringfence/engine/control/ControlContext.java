package io.ringfence.engine.control;

import io.ringfence.engine.command.Command;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.command.Request;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * What the budget and its controls know of the command in hand: its stamps, its request as read, and what it asks for.
 *
 * <p>One of each budget, written anew for every command; allocates nothing. Amounts are micros, quantities 1e-8 units. What a part holds
 * before it was written for this command is left from an earlier one.
 */
public final class ControlContext {
    private CommandType type;
    private long sequence;
    private long timestampNs;
    private int sessionId;
    private int principalId;
    private Request request;
    private long externalFirst;
    private long externalSecond;
    private long externalThird;
    private long actedCandidateId;

    private int accountSlot;
    private long askedMicros;
    private boolean isRaise;
    private boolean isOrder;
    private boolean isBuy;
    private long instrumentId;
    private long quantity;
    private long valueMicros;
    private long position;
    private long openBuys;
    private long openSells;
    private long moreQuantity;
    private boolean isWorthMore;

    private long ran;
    private boolean hasFailed;
    private final ControlFailure failure = new ControlFailure();

    /** Takes a command's stamps and its request, which is read only for a type that {@link CommandType#isRequest()}. */
    public ControlContext begin(Command command, Request commandRequest) {
        return begin(
                command.type(),
                command.sequence(),
                command.timestampNs(),
                command.sessionId(),
                command.principalId(),
                commandRequest);
    }

    /**
     * Takes the external id of an order, which must not be that of another standing order of its principal.
     *
     * @param offset of its 20 characters.
     */
    public void externalId(DirectBuffer order, int offset) {
        externalFirst = order.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        externalSecond = order.getLong(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        long last = order.getInt(offset + 2 * Long.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        externalThird = (externalFirst | externalSecond | last) == 0 ? 0 : (long) principalId << Integer.SIZE | last;
    }

    /** The same from the stamps themselves. */
    public ControlContext begin(
            CommandType commandType,
            long commandSequence,
            long nowNs,
            int commandSessionId,
            int commandPrincipalId,
            Request commandRequest) {
        type = commandType;
        sequence = commandSequence;
        timestampNs = nowNs;
        sessionId = commandSessionId;
        principalId = commandPrincipalId;
        request = commandRequest;
        accountSlot = AccountView.NONE;
        isOrder = false;
        externalFirst = 0;
        externalSecond = 0;
        externalThird = 0;
        actedCandidateId = 0;
        ran = 0;
        hasFailed = false;
        return this;
    }

    /** Names the candidate that acts on the order, u32. */
    public void acted(long candidateId) {
        actedCandidateId = candidateId;
    }

    /** Names the account that the command is about; {@link AccountView#NONE} where it is not known. */
    public void account(int slot) {
        accountSlot = slot;
    }

    /**
     * Says what the command would add to the holds of its account.
     *
     * @param amountMicros 0 and above.
     * @param raises       does it make a hold, or make one larger? Otherwise the controls on amounts let it pass.
     */
    public void asks(long amountMicros, boolean raises) {
        askedMicros = amountMicros;
        isRaise = raises;
    }

    /**
     * Says which order the command asks for: all of it, as if it were new.
     *
     * @param orderQuantity    of the whole order.
     * @param orderValueMicros at its limit price, rounded up.
     */
    public void order(boolean buys, long instrument, long orderQuantity, long orderValueMicros) {
        isOrder = true;
        isBuy = buys;
        instrumentId = instrument;
        quantity = orderQuantity;
        valueMicros = orderValueMicros;
    }

    /**
     * Says how the account stands in the order's instrument before the command.
     *
     * @param filled   bought less sold.
     * @param buys     what open buys may still trade.
     * @param sells    what open sells may still trade.
     * @param addition by which the command would raise what the open orders of its side may trade; 0 and above.
     * @param isDearer does a replace ask for an order that is worth more than the standing one? A new order always is.
     */
    public void position(long filled, long buys, long sells, long addition, boolean isDearer) {
        position = filled;
        openBuys = buys;
        openSells = sells;
        moreQuantity = addition;
        isWorthMore = isDearer;
    }

    void ran(long bits) {
        ran = bits;
    }

    /** A control failed: its figures are written by the caller. */
    ControlFailure fail() {
        hasFailed = true;
        return failure;
    }

    /** What the command is. */
    public CommandType type() {
        return type;
    }

    /** The command's sequence, which is the id of the hold that it makes. */
    public long sequence() {
        return sequence;
    }

    /** Event time, in ns since 1970. */
    public long timestampNs() {
        return timestampNs;
    }

    /** Session that it came by; 0 for none. */
    public int sessionId() {
        return sessionId;
    }

    /** Whose command; 0 for the engine itself. */
    public int principalId() {
        return principalId;
    }

    /** The request as read; another one's for a command that is no request. */
    public Request request() {
        return request;
    }

    /** Has the order an external id that must not be in use? */
    public boolean hasExternalId() {
        return (externalFirst | externalSecond | externalThird) != 0;
    }

    /** The candidate that acts on the order, u32; 0 of what is no order. */
    public long actedCandidateId() {
        return actedCandidateId;
    }

    /** First 8 characters of the external id. */
    public long externalFirst() {
        return externalFirst;
    }

    /** Next 8 characters. */
    public long externalSecond() {
        return externalSecond;
    }

    /** Last 4 characters, below the principal's id. */
    public long externalThird() {
        return externalThird;
    }

    /** Slot of the account that the command is about; {@link AccountView#NONE} where it is not known. */
    public int accountSlot() {
        return accountSlot;
    }

    /** Amount that the command would add to what its account has reserved; 0 and above. */
    public long askedMicros() {
        return askedMicros;
    }

    /** Does it make a hold, or make one larger? */
    public boolean isRaise() {
        return isRaise;
    }

    /** Does it ask for an order: a new one, or one as a replace wants it? */
    public boolean isOrder() {
        return isOrder;
    }

    /** Of an order: a buy, or a sell? */
    public boolean isBuy() {
        return isBuy;
    }

    /** Of an order: its instrument. */
    public long instrumentId() {
        return instrumentId;
    }

    /** Of an order: its whole quantity, however much of it is shown. */
    public long quantity() {
        return quantity;
    }

    /** Of an order: quantity times limit price, rounded up. */
    public long valueMicros() {
        return valueMicros;
    }

    /**
     * Of an order: does it only take risk away? It leaves neither the long nor the short side of its account larger: long is what position
     * and open buys come to, short what open sells come to beyond the position. Open orders of one side never offset the other's. A replace
     * takes risk away, too, when it raises neither quantity nor value.
     */
    public boolean isReducing() {
        if (moreQuantity == 0 && !isWorthMore) {
            return true;
        }
        if (isBuy) {
            return position < 0 && position + openBuys + moreQuantity <= 0;
        }
        return position > 0 && openSells - position + moreQuantity <= 0;
    }

    /** What open orders of the order's side may trade, before the command. */
    public long openQuantity() {
        return isBuy ? openBuys : openSells;
    }

    /** By how much the command would raise {@link #openQuantity()}; 0 and above. */
    public long moreQuantity() {
        return moreQuantity;
    }

    /** Bits of the controls that ran: {@link ControlCode#bit()}. */
    public long ran() {
        return ran;
    }

    /** Has a control failed? */
    public boolean hasFailed() {
        return hasFailed;
    }

    /** Why it failed; an earlier command's unless {@link #hasFailed()}. */
    public ControlFailure failure() {
        return failure;
    }
}
