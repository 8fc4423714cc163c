package io.ringfence.tools;

import io.ringfence.schemas.ReasonCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints text and tables for a terminal. Lines have at most {@link #WIDTH} columns unless a word is longer. */
public final class Page {
    /** Columns of a terminal of the usual width. */
    public static final int WIDTH = 80;

    private static final String MARGIN = "  ";

    private final PrintWriter out;

    /** A page on an output. */
    public Page(PrintWriter out) {
        this.out = out;
    }

    /** One line. */
    public void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    /** A text after a head, broken between words; further lines are indented by the head's length. */
    public void text(String head, String format, Object... values) {
        StringBuilder line = new StringBuilder(head);
        boolean isBegun = false;
        for (String word : String.format(Locale.ROOT, format, values).split(" ")) {
            if (isBegun && line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line.setLength(0);
                line.append(" ".repeat(head.length()));
                isBegun = false;
            }
            line.append(isBegun ? " " : "").append(word);
            isBegun = true;
        }
        out.println(line);
    }

    /** Reasons with their counts and meanings. */
    public void reasons(List<Map.Entry<ReasonCode, Long>> counts) {
        int length = counts.stream()
                .mapToInt(entry -> entry.getKey().name().length())
                .max()
                .orElse(0);
        for (Map.Entry<ReasonCode, Long> entry : counts) {
            String reason = entry.getKey().name();
            String head = String.format(
                    Locale.ROOT,
                    "%s%,12d  %s  ",
                    MARGIN,
                    entry.getValue(),
                    reason + " ".repeat(length - reason.length()));
            text(head, "%s", ReasonText.of(entry.getKey()));
        }
    }

    /** Do rows fit into {@link #WIDTH}? */
    public static boolean isWithin(List<List<String>> rows) {
        int width = 0;
        for (int length : lengths(rows)) {
            width += MARGIN.length() + length;
        }
        return width <= WIDTH;
    }

    /** Rows of cells, each column as wide as its widest cell: the first column left aligned, the others right aligned. */
    public void table(List<List<String>> rows) {
        int[] lengths = lengths(rows);
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(MARGIN).append(row.get(0));
            int end = MARGIN.length() + lengths[0];
            for (int column = 1; column < row.size(); column++) {
                end += MARGIN.length() + lengths[column];
                line.append(" ".repeat(end - line.length() - row.get(column).length()))
                        .append(row.get(column));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static int[] lengths(List<List<String>> rows) {
        int[] lengths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int column = 0; column < lengths.length; column++) {
                lengths[column] = Math.max(lengths[column], row.get(column).length());
            }
        }
        return lengths;
    }
}
