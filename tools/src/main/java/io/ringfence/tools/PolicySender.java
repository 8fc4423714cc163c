package io.ringfence.tools;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.PolicyPieceEncoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.RefusedDecoder;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** Sends a compiled policy to a running engine in small pieces, several at a time. One thread; for one policy. */
final class PolicySender implements Answer.Handler {
    private static final int IN_FLIGHT = 64;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final String NOT_CHANGED = ": the policy in force stays; give the command again";

    private record Piece(PolicySection section, int index, int count) {}

    private final RingfenceClient client;
    private final CompiledPolicy policy;
    private final ArrayDeque<Piece> toSend = new ArrayDeque<>();
    private final Long2ObjectHashMap<Piece> sent = new Long2ObjectHashMap<>();
    private ReasonCode refusal = ReasonCode.NONE;
    private long uploadId;
    private long heardAtNs;

    PolicySender(RingfenceClient client, CompiledPolicy policy) {
        this.client = client;
        this.policy = policy;
        for (PolicySection section :
                List.of(PolicySection.CATALOG, PolicySection.ADAPTIVE, PolicySection.NAMES, PolicySection.SOURCE)) {
            int length = policy.section(section).length;
            int count = Math.max(1, (length + PolicyAssembly.PIECE_LENGTH - 1) / PolicyAssembly.PIECE_LENGTH);
            for (int index = 0; index < count; index++) {
                toSend.add(new Piece(section, index, count));
            }
        }
    }

    /** How many pieces are left to be sent. */
    int count() {
        return toSend.size();
    }

    /**
     * Sends all pieces.
     *
     * @return APPLIED, or why the engine did not take one of them; the policy in force stays in any case.
     * @throws EnvironmentException if the session ends, or nothing is answered for 10 s.
     */
    ReasonCode send() {
        Answer first =
                EngineCommand.ask(client, open -> begin(toSend.remove(), 0), "the first piece was taken" + NOT_CHANGED);
        if (!first.isApplied()) {
            return first.reason();
        }
        uploadId = first.clientRequestId();
        IdleStrategy idle = new BackoffIdleStrategy();
        heardAtNs = System.nanoTime();
        while (refusal == ReasonCode.NONE && !(toSend.isEmpty() && sent.isEmpty())) {
            idle.idle(offerSome() + client.poll(this, IN_FLIGHT));
            requireHeard();
        }
        return refusal == ReasonCode.NONE ? ReasonCode.APPLIED : refusal;
    }

    /** Puts what was sent into force. */
    Answer activate(String why) {
        return EngineCommand.ask(
                client,
                open -> client.policyChange()
                        .uploadId(uploadId)
                        .epoch(policy.epoch())
                        .putPolicyDigest(policy.policyDigest(), 0, Sha256.LENGTH)
                        .putAdaptiveDigest(policy.adaptiveDigest(), 0, Sha256.LENGTH)
                        .putNamesDigest(policy.namesDigest(), 0, Sha256.LENGTH)
                        .putSourceDigest(Sha256.of(policy.section(PolicySection.SOURCE)), 0, Sha256.LENGTH)
                        .justification(why),
                "the policy was put into force: see status");
    }

    private int offerSome() {
        int count = 0;
        while (sent.size() < IN_FLIGHT && !toSend.isEmpty()) {
            begin(toSend.peek(), uploadId);
            long requestId = client.nextRequestId();
            long result = client.offer();
            if (result == RingfenceClient.NOT_CONNECTED || result == RingfenceClient.CLOSED) {
                throw new EnvironmentException("the session ended before the policy was sent" + NOT_CHANGED);
            }
            if (result <= 0) {
                break; // Back pressure: poll first.
            }
            sent.put(requestId, toSend.remove());
            count++;
        }
        return count;
    }

    /** @param upload that it belongs to; 0: it begins one. */
    private void begin(Piece piece, long upload) {
        byte[] bytes = policy.section(piece.section());
        int offset = piece.index() * PolicyAssembly.PIECE_LENGTH;
        int length = Math.min(PolicyAssembly.PIECE_LENGTH, bytes.length - offset);
        PolicyPieceEncoder message = client.policyPiece()
                .epoch(policy.epoch())
                .index(piece.index())
                .count(piece.count())
                .section(piece.section());
        if (upload != 0) {
            message.uploadId(upload);
        }
        message.putContent(bytes, offset, length);
    }

    private void requireHeard() {
        if (!client.isConnected()) {
            throw new EnvironmentException("the session ended before the policy was sent" + NOT_CHANGED);
        }
        if (System.nanoTime() - heardAtNs > PATIENCE_NS) {
            throw new EnvironmentException("no answer in time" + NOT_CHANGED);
        }
    }

    @Override
    public void onDecision(AdmissionDecisionDecoder decision) {
        heardAtNs = System.nanoTime();
        if (sent.remove(decision.clientRequestId()) != null && decision.reason() != ReasonCode.APPLIED) {
            refusal = decision.reason();
        }
    }

    @Override
    public void onRefused(RefusedDecoder refused) { // No sign of progress: a full ring may say so for ever.
        Piece piece = sent.remove(refused.clientRequestId());
        if (piece == null) {
            return;
        }
        if (refused.reason() == ReasonCode.RING_FULL || refused.reason() == ReasonCode.WINDOW_FULL) {
            toSend.addFirst(piece); // Nothing was taken.
        } else {
            refusal = refused.reason();
        }
    }
}
