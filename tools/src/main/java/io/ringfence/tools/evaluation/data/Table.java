package io.ringfence.tools.evaluation.data;

import io.ringfence.tools.ExitCode.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A data set in memory: named columns of texts, which can be read as numbers. Rows are counted from 0. One thread. */
public final class Table {
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, List<Set<String>>> words = new HashMap<>();
    private int rowCount;

    /** One column. A text that stands in many rows is kept once. */
    private static final class Column {
        private final Map<String, String> known = new HashMap<>();
        private String[] texts = new String[1_024];
        private double[] numbers;

        void set(int row, String text) {
            if (row >= texts.length) {
                texts = Arrays.copyOf(texts, Math.max(row + 1, 2 * texts.length));
            }
            texts[row] = known.computeIfAbsent(text, same -> same);
        }
    }

    /** Adds an empty column, or does nothing if there is one of this name. */
    void add(String name) {
        columns.computeIfAbsent(name, absent -> new Column());
    }

    /** Sets a cell. Rows may be set in any order; a cell that is never set is empty. */
    void set(String name, int row, String text) {
        columns.get(name).set(row, text);
        rowCount = Math.max(rowCount, row + 1);
    }

    /** Adds a column of numbers, one a row. */
    void add(String name, double[] numbers) {
        Column column = new Column();
        column.numbers = numbers;
        columns.put(name, column);
    }

    /** Number of rows. */
    public int rowCount() {
        return rowCount;
    }

    /** Is there a column of this name? */
    public boolean has(String name) {
        return columns.containsKey(name);
    }

    /** The text of a cell; empty when there is none. Of a column of numbers: the number. */
    public String text(String name, int row) {
        Column column = column(name);
        if (column.known.isEmpty() && column.numbers != null) {
            return Double.toString(column.numbers[row]);
        }
        String text = row < column.texts.length ? column.texts[row] : null;
        return text == null ? "" : text;
    }

    /** All cells of a column as numbers: {@code true} and {@code false} are 1 and 0, what is no number is not a number. */
    public double[] numbers(String name) {
        Column column = column(name);
        if (column.numbers == null) {
            Map<String, Double> parsed = new HashMap<>();
            double[] numbers = new double[rowCount];
            for (int row = 0; row < rowCount; row++) {
                numbers[row] = parsed.computeIfAbsent(text(name, row), Table::number);
            }
            column.numbers = numbers;
        }
        return column.numbers;
    }

    /** The words of each cell of a column, in lower case, in alphabetical order. Not to be changed. */
    List<Set<String>> words(String name) {
        return words.computeIfAbsent(name, absent -> {
            List<Set<String>> all = new ArrayList<>(rowCount);
            for (int row = 0; row < rowCount; row++) {
                Set<String> ofRow = new TreeSet<>(
                        List.of(text(name, row).toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")));
                ofRow.remove("");
                all.add(ofRow);
            }
            return all;
        });
    }

    private static double number(String text) {
        return switch (text) {
            case "True", "true" -> 1;
            case "False", "false" -> 0;
            case "" -> Double.NaN;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException none) {
                    yield Double.NaN;
                }
            }
        };
    }

    private Column column(String name) {
        Column column = columns.get(name);
        if (column == null) {
            throw new BadInputException("column: must be one of the data set's: " + name + "; known are "
                    + String.join(", ", columns.keySet()));
        }
        return column;
    }

    /**
     * Makes one row of the rows that have the same text in a column: what a row says of each arm gets a column of its own.
     *
     * @param key    column whose texts name the new rows.
     * @param arm    column whose texts name the arms; {@code ARM|COLUMN} is the name of each new column.
     */
    Table pivot(String key, String arm) {
        Table wide = new Table();
        Map<String, Integer> rows = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(columns.keySet());
        for (int row = 0; row < rowCount; row++) {
            int wideRow = rows.computeIfAbsent(text(key, row), absent -> rows.size());
            for (String name : names) {
                String text = text(name, row);
                if (!name.equals(key)) {
                    String ofArm = text(arm, row) + '|' + name;
                    wide.add(ofArm);
                    wide.set(ofArm, wideRow, text);
                }
                wide.add(name);
                wide.set(name, wideRow, text);
            }
        }
        return wide;
    }
}
