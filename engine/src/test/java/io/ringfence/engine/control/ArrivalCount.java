package io.ringfence.engine.control;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.EngineStateDecoder;
import io.ringfence.schemas.EngineStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import java.util.ArrayList;
import java.util.List;

/** Stands for a rate: counts what arrives, refuses what is beyond the limit, and notes each call. */
public final class ArrivalCount extends Control {
    private final List<String> calls = new ArrayList<>();
    private final long limit;
    private long count;

    /** @param limit most arrivals that pass; refused ones count too. */
    public ArrivalCount(long limit) {
        super(ControlCode.RANGE, true);
        this.limit = limit;
    }

    /** How many arrived. */
    public long count() {
        return count;
    }

    /** The calls since the last call of this, in order. */
    public List<String> calls() {
        List<String> noted = List.copyOf(calls);
        calls.clear();
        return noted;
    }

    @Override
    protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
        return count <= limit;
    }

    @Override
    protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
        failure.set(accounts.id(slot), limit, count, 1, limit - count + 1);
    }

    @Override
    protected void arrived(ControlContext asked) {
        count++;
        calls.add("arrived " + asked.type() + " " + asked.principalId());
    }

    @Override
    protected void admitted(ControlContext asked) {
        calls.add("admitted");
    }

    @Override
    protected void refused(ControlContext asked) {
        calls.add("refused");
    }

    @Override
    protected void fact(ControlContext asked) {
        calls.add("fact " + asked.type());
    }

    @Override
    protected void tick(long nowNs) {
        calls.add("tick " + nowNs);
    }

    @Override
    protected long stateLength() {
        return MessageHeaderEncoder.ENCODED_LENGTH + EngineStateEncoder.BLOCK_LENGTH;
    }

    @Override
    protected void writeState(StateWriter writer) {
        EngineStateEncoder state = new EngineStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                .epoch(0)
                .putPolicyDigest(new byte[32], 0, 32)
                .count(count);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
    }

    @Override
    protected boolean readState(StateReader reader, MessageHeaderDecoder header) {
        if (header.templateId() != EngineStateDecoder.TEMPLATE_ID) {
            return false;
        }
        count = new EngineStateDecoder()
                .wrapAndApplyHeader(reader.buffer(), reader.position(), header)
                .count();
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + EngineStateDecoder.BLOCK_LENGTH);
        return true;
    }

    @Override
    protected void clear() {
        count = 0;
    }
}
