package io.ringfence.engine.pipeline;

import io.ringfence.engine.snapshot.StateReader;
import io.ringfence.engine.snapshot.StateWriter;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.SnapshotMarkerDecoder;
import java.util.Arrays;

/** Has a stage write its state when it meets a snapshot marker. */
final class SnapshottingStage implements Stage {
    private final Stage stage;
    private final int index;
    private final SnapshotSink snapshots;
    private final SnapshotMarkerDecoder marker = new SnapshotMarkerDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    SnapshottingStage(Stage stage, int index, SnapshotSink snapshots) {
        this.stage = stage;
        this.index = index;
        this.snapshots = snapshots;
    }

    @Override
    public void onEvent(DecisionEvent event) {
        stage.onEvent(event);
        if (event.command().kind() == CommandKind.SNAPSHOT && snapshots != SnapshotSink.NONE) {
            marker.wrapAndApplyHeader(event.command().buffer(), 0, header);
            StateWriter writer = new StateWriter();
            stage.writeState(writer);
            byte[] state = Arrays.copyOf(writer.byteArray(), writer.position());
            snapshots.onSection(marker.snapshotId(), index, state, state.length);
        }
    }

    @Override
    public void writeState(StateWriter writer) {
        stage.writeState(writer);
    }

    @Override
    public void readState(StateReader reader) {
        stage.readState(reader);
    }
}
