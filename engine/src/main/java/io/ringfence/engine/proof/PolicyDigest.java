package io.ringfence.engine.proof;

import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.engine.policy.Policy;

/**
 * Digest of a catalog: SHA-256 over the tag {@code calypol1} and the bytes that {@link CatalogCodec} lays down.
 *
 * <p>The order of the list and the count of candidates are not hashed. Allocates: once per epoch.
 */
public final class PolicyDigest {
    private PolicyDigest() {}

    /** 32 bytes. */
    public static byte[] of(Catalog catalog) {
        return Policy.digestOfCatalog(CatalogCodec.encode(catalog));
    }
}
