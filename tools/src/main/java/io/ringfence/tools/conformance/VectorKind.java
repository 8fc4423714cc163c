package io.ringfence.tools.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Kinds of conformance vectors. A word in the file's name tells the kind. */
public enum VectorKind {
    /** Decisions, utilities, digests. */
    KERNEL("kernel", files -> new KernelVectors()),
    /** Ledger calls and snapshots. */
    LEDGER("ledger", files -> new LedgerVectors()),
    /** Verdicts per candidate. */
    EXPLAIN("explain", ExplainVectors::new),
    /** Draws. */
    EXPLORATION("exploration", ExplorationVectors::new),
    /** Outcome records. */
    OUTCOME("outcome", OutcomeVectors::new),
    /** Single levers. */
    COUNTERFACTUAL("counterfactual", null),
    /** Off-policy estimates. */
    OPE("ope", files -> new OffPolicyVectors()),
    /** Trees and proofs. */
    MERKLE("merkle", null),
    /** Logs. */
    WAL("wal", null);

    private final String word;
    private final Function<List<Path>, Suite> suite;

    VectorKind(String word, Function<List<Path>, Suite> suite) {
        this.word = word;
        this.suite = suite;
    }

    /** The kind whose word comes first in a file's name; empty if it has none. */
    public static Optional<VectorKind> of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        VectorKind first = null;
        int position = Integer.MAX_VALUE;
        for (VectorKind kind : values()) {
            int at = indexOfWord(name, kind.word);
            if (at >= 0 && at < position) {
                first = kind;
                position = at;
            }
        }
        return Optional.ofNullable(first);
    }

    /** The words of all kinds, with commas between. */
    public static String words() {
        return Arrays.stream(values()).map(kind -> kind.word).collect(Collectors.joining(", "));
    }

    /**
     * Suite that checks this kind; empty if there is none yet.
     *
     * @param files all that are checked together: cases of kernel vectors are looked up among them.
     */
    public Optional<Suite> suite(List<Path> files) {
        return Optional.ofNullable(suite).map(of -> of.apply(files));
    }

    /** Index of a word with no letter before or behind it; -1 if there is none. */
    private static int indexOfWord(String name, String word) {
        int at = name.indexOf(word);
        while (at >= 0) {
            int end = at + word.length();
            boolean isBegun = at == 0 || !Character.isLetter(name.charAt(at - 1));
            boolean isEnded = end == name.length() || !Character.isLetter(name.charAt(end));
            if (isBegun && isEnded) {
                return at;
            }
            at = name.indexOf(word, at + 1);
        }
        return -1;
    }

    /** Checks this build against the vectors of one kind. */
    public interface Suite {
        /**
         * Checks every case of a file and goes on after failures.
         *
         * @param file of one JSON object a line; gzip when its name ends in {@code .gz}.
         * @return the counts and the first difference.
         * @throws IOException when the file cannot be read or a line is no vector of this kind; names file and line.
         */
        Report run(Path file) throws IOException;
    }

    /**
     * Result of checking one vector file.
     *
     * @param file         name of the file as the caller gave it.
     * @param kind         of the vectors: {@code kernel}, {@code ledger} ...
     * @param cases        lines that were checked, failed ones included.
     * @param failed       cases with at least one difference.
     * @param firstFailure which case differed first and how: expected and actual; null when none failed.
     */
    public record Report(String file, String kind, long cases, long failed, String firstFailure) {}
}
