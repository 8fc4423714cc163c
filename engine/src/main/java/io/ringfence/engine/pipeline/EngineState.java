package io.ringfence.engine.pipeline;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.snapshot.SortRoom;
import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * The states of an engine's stages as canonical bytes: how long they are, writing, reading and their digest.
 *
 * <p>For the owner of the engine, while no stage runs, but for {@link #onMarker}. Allocates.
 */
public final class EngineState {
    private static final byte[] TAG = "ringsta1\0".getBytes(StandardCharsets.US_ASCII);

    private final Stage[] stages;

    EngineState(Stage[] stages) {
        this.stages = stages;
    }

    /** Bytes of the states of all stages together. Computed from counts: some microseconds. */
    public long length() {
        long length = 0;
        for (Stage stage : stages) {
            length += stage.stateLength();
        }
        return length;
    }

    /** Bytes of one stage's state. */
    long length(int stage) {
        return stages[stage].stateLength();
    }

    /**
     * Writes one stage's state.
     *
     * @param stage index in ring order.
     */
    public void write(int stage, StateWriter writer) {
        stages[stage].writeState(writer);
        writer.flush();
    }

    /** One stage's state. */
    StateWriter of(int stage) {
        StateWriter writer = new StateWriter(Math.max(1, Math.toIntExact(length(stage))));
        write(stage, writer);
        return writer;
    }

    /** Takes back states that the stages of an engine of the same settings wrote, in ring order; for a fresh engine only. */
    void read(List<byte[]> states) {
        if (states.size() != stages.length) {
            throw new IllegalArgumentException("a state a stage is needed: states=" + states.size());
        }
        for (int stage = 0; stage < stages.length; stage++) {
            byte[] state = states.get(stage);
            stages[stage].readState(new StateReader(state, 0, state.length));
        }
    }

    /**
     * Gives a fresh engine of the same settings the same state.
     *
     * @throws ArithmeticException when one stage's state is 2 GiB or longer.
     */
    public void copyTo(Engine fresh) {
        for (int stage = 0; stage < stages.length; stage++) {
            StateWriter state = of(stage);
            fresh.state().stages[stage].readState(new StateReader(state.byteArray(), 0, state.position()));
        }
    }

    /** SHA-256 over a tag, the number of stages and the SHA-256 of each one's state, in ring order. */
    byte[] digest() {
        byte[][] digests = new byte[stages.length][];
        MessageDigest digest = Sha256.newDigest();
        SortRoom room = new SortRoom();
        for (int stage = 0; stage < stages.length; stage++) {
            write(
                    stage,
                    new StateWriter((bytes, length) -> digest.update(bytes, 0, length), StateWriter.NO_REST, room));
            digests[stage] = digest.digest();
        }
        return digest(digests);
    }

    /** The same from the digests of the stages' states, 32 bytes each, in ring order. */
    public static byte[] digest(byte[][] stageDigests) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(TAG);
        digest.update((byte) stageDigests.length);
        for (byte[] stageDigest : stageDigests) {
            digest.update(stageDigest);
        }
        return digest.digest();
    }

    /** Has one stage write its state if the sink takes it. For the thread of that stage, in ring order. */
    void onMarker(int stage, DecisionEvent marker, SnapshotSink sink) {
        if (sink == SnapshotSink.NONE) {
            return;
        }
        SnapshotMarkerDecoder command = new SnapshotMarkerDecoder();
        command.wrapAndApplyHeader(marker.command().message(), 0, new MessageHeaderDecoder());
        long snapshotId = command.snapshotId();
        if (sink.takes(snapshotId, stage, length(stage))) {
            StateWriter state = of(stage);
            sink.onSection(snapshotId, stage, state.byteArray(), state.position());
        }
        if (stage == Engine.JOURNAL) {
            sink.onComplete(snapshotId, marker.sequence(), marker.entryHash());
        }
    }
}
