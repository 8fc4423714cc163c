package io.ringfence.engine.policy;

import io.ringfence.engine.digest.Sha256;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** All that one epoch decides by: catalog and adaptive part, with the digest that names the catalog. Immutable; shared by all threads. */
public final class Policy {
    private static final byte[] DIGEST_TAG = "calypol1\0".getBytes(StandardCharsets.US_ASCII);

    private final Catalog catalog;
    private final Adaptive adaptive;
    private final byte[] digest;

    private Policy(Catalog catalog, Adaptive adaptive, byte[] digest) {
        this.catalog = catalog;
        this.adaptive = adaptive;
        this.digest = digest;
    }

    /**
     * Reads a policy from its sections, which may be wrong in any way.
     *
     * @param epoch         announced; the catalog must name the same.
     * @param catalogBytes  as {@link CatalogCodec} lays them down.
     * @param adaptiveBytes as {@link AdaptiveCodec} lays them down.
     * @return the policy, or null if the sections do not spell one; the codecs tell what is wrong with either.
     */
    public static Policy decode(long epoch, byte[] catalogBytes, byte[] adaptiveBytes) {
        CatalogResult catalog = CatalogCodec.decode(catalogBytes, 0, catalogBytes.length);
        AdaptiveResult adaptive = AdaptiveCodec.decode(new UnsafeBuffer(adaptiveBytes), 0, adaptiveBytes.length);
        if (!catalog.isValid() || !adaptive.isValid() || catalog.catalog().policyEpoch() != epoch) {
            return null;
        }
        return new Policy(catalog.catalog(), adaptive.adaptive(), digestOfCatalog(catalogBytes));
    }

    /**
     * The policy digest, 32 bytes: SHA-256 over the tag {@code calypol1} and a catalog's canonical bytes.
     *
     * @param catalogBytes as {@link CatalogCodec} lays them down.
     */
    public static byte[] digestOfCatalog(byte[] catalogBytes) {
        Sha256 sha256 = new Sha256();
        sha256.update(DIGEST_TAG);
        sha256.update(catalogBytes);
        return sha256.finish();
    }

    /** Grows with every policy; u64 bits. */
    public long epoch() {
        return catalog.policyEpoch();
    }

    /** Limits and candidates. */
    public Catalog catalog() {
        return catalog;
    }

    /** Use cases and tiers. */
    public Adaptive adaptive() {
        return adaptive;
    }

    /** The policy digest, 32 bytes; the policy's own, not to be changed. */
    public byte[] digest() {
        return digest;
    }
}
