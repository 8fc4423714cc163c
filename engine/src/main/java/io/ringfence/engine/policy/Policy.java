package io.ringfence.engine.policy;

import io.ringfence.engine.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.agrona.concurrent.UnsafeBuffer;

/** The policy of one epoch: catalog and adaptive part, with the digest of the catalog. Immutable; safe from any thread. */
public final class Policy {
    private static final byte[] DIGEST_TAG = "calypol1\0".getBytes(StandardCharsets.US_ASCII);

    private final Catalog catalog;
    private final Adaptive adaptive;
    private final byte[] digest;
    private final byte[] tiers;

    private Policy(Catalog catalog, Adaptive adaptive, byte[] digest) {
        this.catalog = catalog;
        this.adaptive = adaptive;
        this.digest = digest;
        tiers = new byte[catalog.count()];
        for (int index = 0; index < tiers.length; index++) {
            tiers[index] = (byte) adaptive.tierOf(catalog.candidate(index).qualityBps());
        }
    }

    /**
     * Reads a policy from its sections. Bad bytes never throw.
     *
     * @param epoch         that was announced; the catalog must state the same.
     * @param catalogBytes  in the layout of {@link CatalogCodec}.
     * @param adaptiveBytes in the layout of {@link AdaptiveCodec}.
     * @return the policy, or null if a section breaks a rule or the epochs differ. The codecs tell which rule.
     */
    public static Policy decode(long epoch, byte[] catalogBytes, byte[] adaptiveBytes) {
        Checked<Catalog, CatalogFault> catalog = CatalogCodec.decode(catalogBytes, 0, catalogBytes.length);
        Checked<Adaptive, AdaptiveFault> adaptive =
                AdaptiveCodec.decode(new UnsafeBuffer(adaptiveBytes), 0, adaptiveBytes.length);
        if (!catalog.isValid() || !adaptive.isValid() || catalog.value().policyEpoch() != epoch) {
            return null;
        }
        return new Policy(catalog.value(), adaptive.value(), digestOfCatalog(catalogBytes));
    }

    /**
     * The policy digest, 32 bytes: SHA-256 over the tag {@code calypol1} and a catalog's canonical bytes.
     *
     * @param catalogBytes in the layout of {@link CatalogCodec}.
     */
    public static byte[] digestOfCatalog(byte[] catalogBytes) {
        MessageDigest sha256 = Sha256.newDigest();
        sha256.update(DIGEST_TAG);
        return sha256.digest(catalogBytes);
    }

    /** The policy digest of a catalog, 32 bytes. The order of its candidates does not change it. */
    public static byte[] digestOf(Catalog catalog) {
        return digestOfCatalog(CatalogCodec.encode(catalog));
    }

    /** Version number, u64 bits; grows with every policy. */
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

    /** Tier of the candidate at an index of the catalog: the highest whose floor its quality reaches, else 0. */
    public int tierOfIndex(int index) {
        return tiers[index];
    }

    /** The policy digest, 32 bytes. Not a copy: callers must not change it. */
    public byte[] digest() {
        return digest;
    }
}
