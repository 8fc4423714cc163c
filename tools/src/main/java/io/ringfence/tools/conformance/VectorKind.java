package io.ringfence.tools.conformance;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Kinds of conformance vectors, told by a word in the file's name. */
public enum VectorKind {
    /** Decisions, utilities, digests. */
    KERNEL("kernel", KernelVectors::new),
    /** Ledger calls and snapshots. */
    LEDGER("ledger", LedgerVectors::new),
    /** Verdicts per candidate. */
    EXPLAIN("explain", null),
    /** Draws. */
    EXPLORATION("exploration", null),
    /** Outcome records. */
    OUTCOME("outcome", null),
    /** Single levers. */
    COUNTERFACTUAL("counterfactual", null),
    /** Off-policy estimates. */
    OPE("ope", null),
    /** Trees and proofs. */
    MERKLE("merkle", null),
    /** Logs. */
    WAL("wal", null);

    private final String word;
    private final Supplier<VectorSuite> suite;

    VectorKind(String word, Supplier<VectorSuite> suite) {
        this.word = word;
        this.suite = suite;
    }

    /** The kind whose word a file's name begins with, or else has first; empty if it has none. */
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

    /** All words, for people. */
    public static String words() {
        return Arrays.stream(values()).map(kind -> kind.word).collect(Collectors.joining(", "));
    }

    /** What checks this kind; empty: nothing yet. */
    public Optional<VectorSuite> suite() {
        return Optional.ofNullable(suite).map(Supplier::get);
    }

    /** Where a word stands that no letter comes before or behind; -1 if nowhere. */
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
}
