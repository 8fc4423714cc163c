package io.ringfence.engine.pipeline;

import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.snapshot.Snapshotted;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.EngineStateDecoder;
import io.ringfence.schemas.EngineStateEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;

/** The state of a stage that is a pure function: the policy it last met, and how many requests it has worked on. */
final class Tally implements Snapshotted {
    private final byte[] digest = new byte[32];
    private long epoch;
    private long count;

    /** Notes the policy in force; null before the first one. */
    void follow(Policy policy) {
        if (policy != null && policy.epoch() != epoch) {
            epoch = policy.epoch();
            System.arraycopy(policy.digest(), 0, digest, 0, digest.length);
        }
    }

    void count() {
        count++;
    }

    @Override
    public void writeState(StateWriter writer) {
        EngineStateEncoder state = new EngineStateEncoder();
        state.wrapAndApplyHeader(writer.buffer(), writer.position(), new MessageHeaderEncoder())
                .epoch(epoch)
                .putPolicyDigest(digest, 0, 32)
                .count(count);
        writer.advance(MessageHeaderEncoder.ENCODED_LENGTH + state.encodedLength());
    }

    @Override
    public void readState(StateReader reader) {
        EngineStateDecoder state = new EngineStateDecoder();
        state.wrapAndApplyHeader(reader.buffer(), reader.position(), new MessageHeaderDecoder());
        epoch = state.epoch();
        state.getPolicyDigest(digest, 0, 32);
        count = state.count();
        reader.advance(MessageHeaderDecoder.ENCODED_LENGTH + state.encodedLength());
    }
}
