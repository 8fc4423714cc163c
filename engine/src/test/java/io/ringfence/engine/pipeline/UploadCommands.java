package io.ringfence.engine.pipeline;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.policy.AdaptiveCodec;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.engine.policy.Policy;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyChangeEncoder;
import io.ringfence.schemas.PolicyPieceEncoder;
import io.ringfence.schemas.PolicySection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes the commands by which a client brings a policy. */
public final class UploadCommands {
    private static final int LENGTH = PolicyAssembly.PIECE_LENGTH;
    private static final int SOURCE_LENGTH = 2 * LENGTH + 5;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    /** Catalog, adaptive part, names and source of a policy like that of {@link Commands#policy(long, int)}. */
    public static List<byte[]> sections(long epoch, int tierCount) {
        byte[] source = new byte[SOURCE_LENGTH];
        Arrays.fill(source, (byte) epoch);
        return List.of(
                CatalogCodec.encode(Commands.catalog(epoch)),
                AdaptiveCodec.encode(Commands.adaptive(tierCount)),
                new byte[] {1, 2, 3},
                source);
    }

    /** The pieces of a policy, the last one first, and the change behind them; their request ids follow one another. */
    List<byte[]> policy(long requestId, long epoch, int tierCount) {
        return policy(requestId, epoch, sections(epoch, tierCount));
    }

    public List<byte[]> policy(long requestId, long epoch, List<byte[]> sections) {
        List<byte[]> commands = new ArrayList<>();
        long next = requestId;
        for (int section = sections.size() - 1; section >= 0; section--) {
            byte[] bytes = sections.get(section);
            int count = Math.max(1, (bytes.length + LENGTH - 1) / LENGTH);
            for (int index = count - 1; index >= 0; index--) {
                byte[] content =
                        Arrays.copyOfRange(bytes, index * LENGTH, Math.min(bytes.length, (index + 1) * LENGTH));
                PolicySection of = PolicySection.get((short) (section + 1));
                commands.add(piece(next++, requestId, epoch, of, index, count, content));
            }
        }
        commands.add(change(next, requestId, epoch, sections));
        return commands;
    }

    byte[] piece(
            long requestId, long uploadId, long epoch, PolicySection section, long index, long count, byte[] content) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        PolicyPieceEncoder piece = new PolicyPieceEncoder();
        piece.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .uploadId(uploadId)
                .epoch(epoch)
                .index(index)
                .count(count)
                .section(section)
                .putContent(content, 0, content.length);
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + piece.encodedLength());
    }

    /** @param sections whose digests it announces. */
    byte[] change(long requestId, long uploadId, long epoch, List<byte[]> sections) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        PolicyChangeEncoder change = new PolicyChangeEncoder();
        change.wrapAndApplyHeader(buffer, 0, header)
                .clientRequestId(requestId)
                .uploadId(uploadId)
                .epoch(epoch)
                .putPolicyDigest(Policy.digestOfCatalog(sections.get(0)), 0, Sha256.LENGTH)
                .putAdaptiveDigest(Sha256.of(sections.get(1)), 0, Sha256.LENGTH)
                .putNamesDigest(Sha256.of(sections.get(2)), 0, Sha256.LENGTH)
                .putSourceDigest(Sha256.of(sections.get(3)), 0, Sha256.LENGTH)
                .justification("new fees");
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + change.encodedLength());
    }
}
