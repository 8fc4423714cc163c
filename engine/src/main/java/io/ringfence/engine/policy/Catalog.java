package io.ringfence.engine.policy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The limits and candidates that every decision of one epoch is made under. Immutable: shared by all threads.
 *
 * <p>An index is a candidate's place in this list; in a trusted catalog candidates ascend by id.
 */
public final class Catalog {
    /** What {@link #indexOf} says of an id that is not there. */
    public static final int NO_INDEX = -1;

    private static final Comparator<Candidate> BY_ID = Comparator.comparingLong(Candidate::id);

    private final CatalogHead head;
    private final Candidate[] candidates;
    private final long[] ids;
    private final int[] providerIds;
    private final boolean isTrusted;
    private final CandidateTable table;

    private Catalog(CatalogHead head, List<Candidate> candidates, boolean isTrusted) {
        this.head = head;
        this.candidates = candidates.toArray(Candidate[]::new);
        this.ids = candidates.stream().mapToLong(Candidate::id).toArray();
        this.providerIds = candidates.stream().mapToInt(Candidate::providerId).toArray();
        this.isTrusted = isTrusted;
        this.table = new CandidateTable(this.candidates);
    }

    /**
     * Makes a catalog to decide under: checks what trust asks for, sorts by id, then validates.
     *
     * @param candidates in any order; ids from 1, each once, at most 65,535.
     * @return the catalog, or the first rule that is broken.
     */
    public static CatalogResult trusted(CatalogHead head, List<Candidate> candidates) {
        Optional<CatalogFault> trustFault = CatalogRules.trustFault(candidates);
        if (trustFault.isPresent()) {
            return CatalogResult.refused(trustFault.get());
        }
        List<Candidate> sorted = candidates.stream().sorted(BY_ID).toList();
        return CatalogRules.fault(head, sorted)
                .map(CatalogResult::refused)
                .orElseGet(() -> CatalogResult.of(new Catalog(head, sorted, true)));
    }

    /**
     * Takes anything in the order given, unchecked: for conformance vectors of untrusted policies, never for deciding.
     *
     * @param candidates of any count, ids and values.
     */
    public static Catalog asGiven(CatalogHead head, List<Candidate> candidates) {
        return new Catalog(head, candidates, false);
    }

    /** The first validity rule that a catalog {@linkplain #asGiven as given} breaks; empty for every trusted one. */
    public Optional<CatalogFault> fault() {
        return isTrusted ? Optional.empty() : CatalogRules.fault(head, List.of(candidates));
    }

    /** The limits. */
    public CatalogHead head() {
        return head;
    }

    /** See {@link CatalogHead#policyEpoch()}. */
    public long policyEpoch() {
        return head.policyEpoch();
    }

    /** See {@link CatalogHead#catalogEpoch()}. */
    public long catalogEpoch() {
        return head.catalogEpoch();
    }

    /** How many candidates, disabled ones included. */
    public int count() {
        return candidates.length;
    }

    /** The candidate at {@code 0 <= index < count}. */
    public Candidate candidate(int index) {
        return candidates[index];
    }

    /** Id of the candidate at an index, u32. */
    public long idOf(int index) {
        return ids[index];
    }

    /** Provider of the candidate at an index; 0 to 63 in a trusted catalog, else u16. */
    public int providerIdOf(int index) {
        return providerIds[index];
    }

    /** Index of the first candidate of this id, or {@link #NO_INDEX}. */
    public int indexOf(long candidateId) {
        return isTrusted ? search(candidateId) : scan(candidateId);
    }

    /** The same candidates as the kernel wants them. */
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
