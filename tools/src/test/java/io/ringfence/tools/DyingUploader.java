package io.ringfence.tools;

import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.schemas.PolicyPieceEncoder;
import io.ringfence.schemas.PolicySection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A client that brings the first pieces of a policy and then does nothing more: its test kills it. */
final class DyingUploader {
    private static final int LENGTH = 448;
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private final RingfenceClient client;
    private final CompiledPolicy policy;
    private final byte[] source;
    private long uploadId;
    private int next;

    DyingUploader(RingfenceClient client, CompiledPolicy policy) {
        this.client = client;
        this.policy = policy;
        this.source = policy.section(PolicySection.SOURCE);
    }

    /** Sends the next piece of the source text; the reason of its answer. */
    String piece() {
        byte[] content = Arrays.copyOfRange(source, next * LENGTH, (next + 1) * LENGTH);
        PolicyPieceEncoder piece =
                client.policyPiece().epoch(policy.epoch()).index(next).count((source.length + LENGTH - 1) / LENGTH);
        piece.section(PolicySection.SOURCE);
        if (next > 0) {
            piece.uploadId(uploadId);
        }
        piece.putContent(content, 0, content.length);
        Answer answer = client.ask(PATIENCE);
        uploadId = next == 0 ? answer.clientRequestId() : uploadId;
        next++;
        return answer.reason().name();
    }

    public static void main(String[] args) throws Exception {
        ClientSettings settings = ClientSettings.ofJournal(Path.of(args[0]), Integer.parseInt(args[1]));
        try (RingfenceClient client = RingfenceClient.connect(settings)) {
            DyingUploader uploader = new DyingUploader(client, CompiledPolicy.read(Path.of(args[2])));
            System.out.println(uploader.piece() + ' ' + uploader.piece() + ' ' + uploader.piece());
            Thread.sleep(PATIENCE.toMillis());
        }
    }
}
