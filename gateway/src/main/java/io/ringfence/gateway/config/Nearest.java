package io.ringfence.gateway.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the known word that is nearest to an unknown one. */
public final class Nearest {
    private static final int EDITS_MIN = 2;
    private static final int LETTERS_PER_EDIT = 3;

    private Nearest() {}

    /**
     * The known word with the fewest edits (a letter added, dropped or replaced) from the one given; upper and lower case
     * count as the same. Of equally near words the first.
     *
     * @return empty if the best one is further away than a third of the word, or two letters.
     */
    public static Optional<String> of(String word, Collection<String> known) {
        String best = null;
        int fewest = Math.max(EDITS_MIN, word.length() / LETTERS_PER_EDIT) + 1;
        for (String candidate : known) {
            int edits = edits(word.toLowerCase(java.util.Locale.ROOT), candidate.toLowerCase(java.util.Locale.ROOT));
            if (edits < fewest && edits < candidate.length()) {
                fewest = edits;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Text for an error line: the nearest known word, or all known words. */
    public static String hint(String word, Collection<String> known) {
        return of(word, known)
                .map(nearest -> "nearest known is " + nearest)
                .orElseGet(() -> "known are " + (known.isEmpty() ? "none" : String.join(", ", known)));
    }

    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int replaced = diagonal + (from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[to.length()];
    }
}
