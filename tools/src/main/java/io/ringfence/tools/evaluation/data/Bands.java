package io.ringfence.tools.evaluation.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells kinds of rows apart by one column; where one kind ends and the next begins is taken from training rows alone. */
final class Bands {
    private Bands() {}

    /**
     * The band of each row: bands have as many training rows each, where values differ.
     *
     * @param values   one a row; not a number counts as lowest.
     * @param training rows whose values give the bounds.
     * @param count    of bands, 1 and above.
     * @return 0 to {@code count - 1}, one a row.
     */
    static int[] of(double[] values, int[] training, int count) {
        double[] known = Arrays.stream(training)
                .mapToDouble(row -> values[row])
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        double[] bounds = new double[count - 1];
        for (int i = 0; i < bounds.length && known.length > 0; i++) {
            bounds[i] = known[(int) ((long) (i + 1) * known.length / count)];
        }
        int[] bands = new int[values.length];
        for (int row = 0; row < values.length; row++) {
            int band = 0;
            while (band < bounds.length && values[row] >= bounds[band]) {
                band++;
            }
            bands[row] = band;
        }
        return bands;
    }

    /**
     * The kind of each row by its text: the most frequent texts of the training rows are a kind each, all others are the last one.
     *
     * @param most kinds, 1 and above.
     * @return 0 to {@code most - 1}, one a row.
     */
    static int[] of(Table table, String column, int[] training, int most) {
        Map<String, Integer> counts = new HashMap<>();
        for (int row : training) {
            counts.merge(table.text(column, row), 1, Integer::sum);
        }
        List<String> frequent = counts.keySet().stream()
                .sorted(Comparator.<String>comparingInt(text -> -counts.get(text))
                        .thenComparing(text -> text))
                .limit(counts.size() <= most ? most : most - 1L)
                .toList();
        Map<String, Integer> kinds = new HashMap<>();
        frequent.forEach(text -> kinds.put(text, kinds.size()));
        int[] of = new int[table.rowCount()];
        Arrays.setAll(of, row -> kinds.getOrDefault(table.text(column, row), most - 1));
        return of;
    }

    /** Kinds by a part of a mapping: bands of its numbers, or its most frequent texts. */
    static int[] of(Table table, Mapping.Part part, int[] training) {
        return part.bands() > 0
                ? of(table.numbers(part.column()), training, part.bands())
                : of(table, part.column(), training, part.most());
    }
}
