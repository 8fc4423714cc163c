package io.ringfence.engine.policy;

import java.util.Objects;
import java.util.Optional;

/** A catalog, or the first rule that keeps it from being one. */
public final class CatalogResult {
    private final Catalog catalog;
    private final CatalogFault fault;

    private CatalogResult(Catalog catalog, CatalogFault fault) {
        this.catalog = catalog;
        this.fault = fault;
    }

    /** There is one. */
    public static CatalogResult of(Catalog catalog) {
        return new CatalogResult(Objects.requireNonNull(catalog), null);
    }

    static CatalogResult refused(CatalogFault fault) {
        return new CatalogResult(null, Objects.requireNonNull(fault));
    }

    /** Is there a catalog? */
    public boolean isValid() {
        return fault == null;
    }

    /** What is wrong; empty when there is a catalog. */
    public Optional<CatalogFault> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * The catalog.
     *
     * @throws IllegalStateException when there is none; the text is the fault's.
     */
    public Catalog catalog() {
        if (fault != null) {
            throw new IllegalStateException(fault.text());
        }
        return catalog;
    }
}
