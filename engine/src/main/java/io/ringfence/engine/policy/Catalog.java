package io.ringfence.engine.policy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The limits and candidates that every decision of one epoch is made under. Immutable; safe from any thread.
 *
 * <p>An index is a candidate's place in the list. In a trusted catalog candidates ascend by id.
 */
public final class Catalog {
    /** Index of an unknown id. */
    public static final int NO_INDEX = -1;

    /**
     * Limits and penalties that hold for all candidates of a catalog.
     *
     * @param policyEpoch                  u64 bits; only grows.
     * @param catalogEpoch                 u64 bits; only grows.
     * @param hardRiskLimitBps             u16; a request whose risk reaches it is rejected; 0..10000 when valid.
     * @param minimumConfidenceBps         u16; a request below it is rejected; 0..10000 when valid.
     * @param riskPenaltyMultiplierBps     u16; share of value times risk that utility loses; 0..50000 when valid.
     * @param latencyPenaltyMicrosPerMs    u64 bits; what utility loses per millisecond of p95 latency.
     */
    public record Head(
            long policyEpoch,
            long catalogEpoch,
            int hardRiskLimitBps,
            int minimumConfidenceBps,
            int riskPenaltyMultiplierBps,
            long latencyPenaltyMicrosPerMs) {
        /** Refuses what the canonical layout cannot carry. */
        public Head {
            Candidate.checkU16("hardRiskLimitBps", hardRiskLimitBps);
            Candidate.checkU16("minimumConfidenceBps", minimumConfidenceBps);
            Candidate.checkU16("riskPenaltyMultiplierBps", riskPenaltyMultiplierBps);
        }
    }

    private static final Comparator<Candidate> BY_ID = Comparator.comparingLong(Candidate::id);

    private final Head head;
    private final Candidate[] candidates;
    private final long[] ids;
    private final boolean isTrusted;
    private final CandidateTable table;

    private Catalog(Head head, List<Candidate> candidates, boolean isTrusted) {
        this.head = head;
        this.candidates = candidates.toArray(Candidate[]::new);
        this.ids = candidates.stream().mapToLong(Candidate::id).toArray();
        this.isTrusted = isTrusted;
        this.table = new CandidateTable(this.candidates);
    }

    /**
     * Makes a catalog to decide under: checks the rules of trust, sorts by id, then checks validity.
     *
     * @param candidates in any order; ids from 1, each once, at most 65,535.
     * @return the catalog, or the first rule it breaks.
     */
    public static Checked<Catalog, CatalogFault> trusted(Head head, List<Candidate> candidates) {
        Optional<CatalogFault> trustFault = CatalogFault.firstOfTrust(candidates);
        if (trustFault.isPresent()) {
            return Checked.refused(trustFault.get());
        }
        List<Candidate> sorted = candidates.stream().sorted(BY_ID).toList();
        return CatalogFault.firstOfValidity(head, sorted)
                .map(Checked::<Catalog, CatalogFault>refused)
                .orElseGet(() -> Checked.of(new Catalog(head, sorted, true)));
    }

    /**
     * Makes a catalog of any values in the given order, unchecked. For conformance vectors only, never for deciding.
     *
     * @param candidates any number, ids and values.
     */
    public static Catalog asGiven(Head head, List<Candidate> candidates) {
        return new Catalog(head, candidates, false);
    }

    /** The first rule of validity that a catalog made {@linkplain #asGiven as given} breaks; empty for a trusted one. */
    public Optional<CatalogFault> fault() {
        return isTrusted ? Optional.empty() : CatalogFault.firstOfValidity(head, List.of(candidates));
    }

    /** The limits. */
    public Head head() {
        return head;
    }

    /** See {@link Head#policyEpoch()}. */
    public long policyEpoch() {
        return head.policyEpoch();
    }

    /** See {@link Head#catalogEpoch()}. */
    public long catalogEpoch() {
        return head.catalogEpoch();
    }

    /** Number of candidates, disabled ones included. */
    public int count() {
        return candidates.length;
    }

    /** The candidate at {@code 0 <= index < count}. */
    public Candidate candidate(int index) {
        return candidates[index];
    }

    /** Index of the first candidate of this id, or {@link #NO_INDEX}. */
    public int indexOf(long candidateId) {
        return isTrusted ? search(candidateId) : scan(candidateId);
    }

    /** The enabled candidates in the layout of the kernel. */
    public CandidateTable table() {
        return table;
    }

    private int search(long candidateId) {
        int low = 0;
        int high = ids.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ids[middle] < candidateId) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < ids.length && ids[low] == candidateId ? low : NO_INDEX;
    }

    private int scan(long candidateId) {
        for (int index = 0; index < ids.length; index++) {
            if (ids[index] == candidateId) {
                return index;
            }
        }
        return NO_INDEX;
    }
}
