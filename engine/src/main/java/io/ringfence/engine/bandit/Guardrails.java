package io.ringfence.engine.bandit;

import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;

/** Holds what bounds the bandit beside it, and writes the state of both as one: the guardrails first. One thread. */
public final class Guardrails implements Snapshotted {
    private final TierBandit bandit;
    private final Circuits circuits;
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();

    /** @param circuitMaxAgeNs age of a decision from which on its outcome counts for no circuit, in ns; 0: no circuit opens. */
    public Guardrails(TierBandit bandit, long circuitMaxAgeNs) {
        this.bandit = bandit;
        this.circuits = new Circuits(circuitMaxAgeNs);
    }

    /** What is learnt of tiers. */
    public TierBandit bandit() {
        return bandit;
    }

    /** What keeps requests from failing providers. */
    public Circuits circuits() {
        return circuits;
    }

    @Override
    public long stateLength() {
        return circuits.stateLength() + bandit.stateLength();
    }

    @Override
    public void writeState(StateWriter writer) {
        circuits.writeState(writer, headerEncoder);
        bandit.writeState(writer);
    }

    /** As {@link TierBandit#readState}: the policy must be activated next. */
    @Override
    public void readState(StateReader reader) {
        circuits.clear();
        boolean isOfGuardrails = true; // They stand first.
        while (isOfGuardrails) {
            headerDecoder.wrap(reader.buffer(), reader.position());
            isOfGuardrails = circuits.readState(reader, headerDecoder);
        }
        bandit.readState(reader);
    }
}
