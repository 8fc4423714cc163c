package io.ringfence.tools.evaluation.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How likely it is in each row that the reference arm falls short, by naive Bayes over what is known before the act.
 *
 * <p>It learns from the training rows alone. The score of a training row is that of a fit without its fifth of them, so that bounds which
 * are taken from these scores hold for other rows too.
 */
final class RiskFit {
    private static final int FOLDS = 5;
    private static final int TEXTS_MOST = 256;
    private static final int WORDS_MOST = 4_000;
    private static final int WORD_ROWS_MIN = 5;
    private static final double NUMBERS_SHARE = 0.95;
    private static final int ABSENT = -1;

    private final int[][] features; // For each row the numbers of what it has.
    private final int featureCount;

    /** What a fit counted: rows that fall short and others, by feature and in all. */
    private record Counts(double[][] byFeature, double[] all) {
        double score(int[] features) {
            double score = Math.log((all[1] + 1) / (all[0] + 1));
            for (int feature : features) {
                if (feature != ABSENT) {
                    double ifShort = (byFeature[1][feature] + 1) / (all[1] + 2);
                    double otherwise = (byFeature[0][feature] + 1) / (all[0] + 2);
                    score += Math.log(ifShort / otherwise);
                }
            }
            return 1 / (1 + Math.exp(-score));
        }
    }

    private RiskFit(int[][] features, int featureCount) {
        this.features = features;
        this.featureCount = featureCount;
    }

    /**
     * Fits and scores.
     *
     * @param training rows to learn from.
     * @param isShort  of each row of the table: does the reference arm fall short? Read for training rows alone.
     * @return one score a row, 0 to 1.
     */
    static double[] scores(Table table, Mapping.Fit fit, int[] training, boolean[] isShort) {
        List<int[]> codes = new ArrayList<>();
        int count = 0;
        for (String column : fit.columns()) {
            boolean isNumber = isNumber(table, column, training);
            int size = isNumber ? fit.bands() : TEXTS_MOST;
            int[] kinds = isNumber
                    ? Bands.of(table.numbers(column), training, size)
                    : Bands.of(table, column, training, size);
            int base = count;
            Arrays.setAll(kinds, row -> kinds[row] + base);
            codes.add(kinds);
            count += size;
        }
        int[][] features = new int[table.rowCount()][codes.size()];
        for (int row = 0; row < features.length; row++) {
            for (int i = 0; i < codes.size(); i++) {
                features[row][i] = codes.get(i)[row];
            }
        }
        for (String column : fit.words()) {
            count += addWords(table, column, training, features, count);
        }
        return new RiskFit(features, count).scores(training, isShort);
    }

    private static boolean isNumber(Table table, String column, int[] training) {
        double[] numbers = table.numbers(column);
        long known = Arrays.stream(training)
                .filter(row -> !Double.isNaN(numbers[row]))
                .count();
        return known >= NUMBERS_SHARE * training.length;
    }

    private static int addWords(Table table, String column, int[] training, int[][] features, int base) {
        List<Set<String>> words = table.words(column);
        Map<String, Integer> counts = new HashMap<>();
        for (int row : training) {
            words.get(row).forEach(word -> counts.merge(word, 1, Integer::sum));
        }
        List<String> known = counts.keySet().stream()
                .filter(word -> counts.get(word) >= WORD_ROWS_MIN)
                .sorted((one, other) -> counts.get(one).equals(counts.get(other))
                        ? one.compareTo(other)
                        : counts.get(other) - counts.get(one))
                .limit(WORDS_MOST)
                .toList();
        Map<String, Integer> numbers = new HashMap<>();
        known.forEach(word -> numbers.put(word, base + numbers.size()));
        for (int row = 0; row < features.length; row++) {
            int[] has = words.get(row).stream()
                    .mapToInt(word -> numbers.getOrDefault(word, ABSENT))
                    .filter(number -> number != ABSENT)
                    .toArray();
            features[row] = IntStream.concat(Arrays.stream(features[row]), Arrays.stream(has))
                    .toArray();
        }
        return known.size();
    }

    private double[] scores(int[] training, boolean[] isShort) {
        Counts[] without = new Counts[FOLDS];
        for (int fold = 0; fold < FOLDS; fold++) {
            without[fold] = count(training, isShort, fold);
        }
        Counts whole = count(training, isShort, FOLDS);
        double[] scores = new double[features.length];
        Arrays.setAll(scores, row -> whole.score(features[row]));
        for (int i = 0; i < training.length; i++) {
            scores[training[i]] = without[i % FOLDS].score(features[training[i]]);
        }
        return scores;
    }

    private Counts count(int[] training, boolean[] isShort, int leftOutFold) {
        Counts counts = new Counts(new double[2][featureCount], new double[2]);
        for (int i = 0; i < training.length; i++) {
            if (i % FOLDS != leftOutFold) {
                int kind = isShort[training[i]] ? 1 : 0;
                counts.all()[kind]++;
                for (int feature : features[training[i]]) {
                    counts.byFeature()[kind][feature]++;
                }
            }
        }
        return counts;
    }
}
