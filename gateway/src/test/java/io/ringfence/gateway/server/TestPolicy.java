package io.ringfence.gateway.server;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.AdaptiveCodec;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.policy.Policy.UseCase;
import io.ringfence.engine.policy.PriorPattern;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PolicyActivateEncoder;
import io.ringfence.schemas.PolicyPartEncoder;
import io.ringfence.schemas.PolicySection;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** The policy of the gateway's tests: three candidates, use case 1 for requests and 2 for orders. */
final class TestPolicy {
    private static final long EPOCH = 1;

    private TestPolicy() {}

    static List<byte[]> parts() {
        return List.of(
                part(PolicySection.CATALOG, CatalogCodec.encode(catalog())),
                part(PolicySection.ADAPTIVE, AdaptiveCodec.encode(adaptive())),
                part(PolicySection.NAMES, new byte[] {1}),
                part(PolicySection.SOURCE, new byte[] {2}));
    }

    static byte[] activation() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        PolicyActivateEncoder activate = new PolicyActivateEncoder();
        activate.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .epoch(EPOCH)
                .putPolicyDigest(Policy.digestOfCatalog(CatalogCodec.encode(catalog())), 0, 32)
                .putAdaptiveDigest(Sha256.of(AdaptiveCodec.encode(adaptive())), 0, 32)
                .putNamesDigest(Sha256.of(new byte[] {1}), 0, 32);
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + activate.encodedLength());
    }

    private static byte[] part(PolicySection section, byte[] content) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[4_096]);
        PolicyPartEncoder part = new PolicyPartEncoder();
        part.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .epoch(EPOCH)
                .section(section)
                .index(0)
                .count(1)
                .putContent(content, 0, content.length);
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + part.encodedLength());
    }

    private static Catalog catalog() {
        return Catalog.trusted(
                        new Catalog.Head(EPOCH, 1, 9_500, 5_000, 3_500, 0),
                        List.of(
                                new Candidate(1, 0, 6_000, 9_000, 1, 100, 3, 1, 2_000_000, 8_000_000),
                                new Candidate(2, 1, 8_000, 9_000, 1, 200, 3, 1, 5_000_000, 20_000_000),
                                new Candidate(3, 2, 9_500, 9_000, 1, 300, 3, 1, 30_000_000, 90_000_000)))
                .value();
    }

    private static Adaptive adaptive() {
        UseCase support = new UseCase(
                1,
                new UseCase.Defaults(2_000_000, 0, 500, 9_000, 300, 0),
                1_000,
                2_000,
                PriorPattern.SUPPORT.targetSuccessBps(),
                PriorPattern.SUPPORT.priors(4));
        UseCase trading = new UseCase(
                2,
                new UseCase.Defaults(0, 50, 1_500, 9_000, 1, 0),
                1_000,
                2_000,
                PriorPattern.TRADING.targetSuccessBps(),
                PriorPattern.TRADING.priors(4));
        return Adaptive.of(new int[] {3_000, 5_000, 7_000, 9_000}, List.of(support, trading))
                .value();
    }
}
