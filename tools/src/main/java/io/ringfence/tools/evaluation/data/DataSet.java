package io.ringfence.tools.evaluation.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.evaluation.data.Mapping.Arm;
import io.ringfence.tools.evaluation.data.Mapping.Cost;
import io.ringfence.tools.evaluation.data.Mapping.Derived;
import io.ringfence.tools.evaluation.data.Mapping.Prices;
import io.ringfence.tools.evaluation.data.Mapping.Quality;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** A data set as its mapping reads it: its rows, and the quality and the cost of each arm in each row. One thread. */
public final class DataSet {
    private static final String INPUT_PRICE = "input_cost_per_token";
    private static final String OUTPUT_PRICE = "output_cost_per_token";

    private final Mapping mapping;
    private final Table table;
    private final int[] rows;
    private final double[][] costs;

    private DataSet(Mapping mapping, Table table, Path data) {
        this.mapping = mapping;
        this.table = table;
        mapping.derived().forEach(this::derive);
        this.rows = usableRows();
        this.costs = mapping.arms().stream().map(arm -> cost(arm.cost(), data)).toArray(double[][]::new);
    }

    /**
     * Reads the files of a set.
     *
     * @param data     folder below which they are.
     * @param progress takes the number of rows read so far, now and then.
     * @throws BadInputException for a file or a column that is not there.
     */
    public static DataSet read(Mapping mapping, Path data, LongConsumer progress) {
        Table table = new TableReader(data, MappingRules.read(mapping), progress).read(mapping.sources());
        Table shaped = mapping.pivot().isPresent()
                ? table.pivot(mapping.pivot().get().row(), mapping.pivot().get().arm())
                : table;
        return new DataSet(mapping, shaped, data);
    }

    /**
     * Reads columns of one file with a header line.
     *
     * @throws BadInputException for a file that is not there.
     */
    public static Table table(Path data, String file, List<String> columns) {
        return new TableReader(data, Set.copyOf(columns), rows -> {})
                .read(List.of(new Mapping.Source(file, Map.of(), Map.of())));
    }

    /** How its rows become requests and outcomes. */
    public Mapping mapping() {
        return mapping;
    }

    Table table() {
        return table;
    }

    /** Rows that are used, in the order of the set. Not to be changed. */
    int[] rows() {
        return rows;
    }

    private void derive(Derived derived) {
        double[] numbers = new double[table.rowCount()];
        switch (derived.way()) {
            case LENGTH ->
                Arrays.setAll(numbers, row -> table.text(derived.of(), row).length());
            case MAGNITUDE -> {
                double[] of = table.numbers(derived.of());
                Arrays.setAll(numbers, row -> Math.abs(of[row]));
            }
            case CHANGE, EARLIER -> change(derived, numbers);
        }
        table.add(derived.name(), numbers);
    }

    private void change(Derived derived, double[] changes) {
        double[] of = table.numbers(derived.of());
        Map<String, List<Integer>> groups = new HashMap<>();
        for (int row : sorted(IntStream.range(0, table.rowCount()).toArray())) {
            String group = derived.by().isEmpty() ? "" : table.text(derived.by(), row);
            groups.computeIfAbsent(group, absent -> new ArrayList<>()).add(row);
        }
        int distance = Math.abs(derived.shift());
        Arrays.fill(changes, Double.NaN);
        for (List<Integer> group : groups.values()) {
            for (int at = distance; at < group.size(); at++) {
                int earlier = group.get(at - distance);
                int later = group.get(at);
                changes[derived.shift() > 0 ? later : earlier] =
                        derived.way() == Mapping.Way.EARLIER ? of[earlier] : of[later] / of[earlier] - 1;
            }
        }
    }

    private int[] usableRows() {
        int[] usable = IntStream.range(0, table.rowCount())
                .filter(row ->
                        mapping.rows().needed().stream().noneMatch(column -> Double.isNaN(table.numbers(column)[row])))
                .toArray();
        if (usable.length == 0) {
            throw new BadInputException(mapping.name() + ": must have a row: there is none");
        }
        return sorted(usable);
    }

    private int[] sorted(int[] unsorted) {
        String by = mapping.rows().sortedBy();
        if (by.isEmpty()) {
            return unsorted;
        }
        return Arrays.stream(unsorted)
                .boxed()
                .sorted(Comparator.comparing(row -> table.text(by, row)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double[] cost(Cost cost, Path data) {
        double[] costs = new double[table.rowCount()];
        Arrays.fill(costs, cost.fixed());
        if (!cost.column().isEmpty()) {
            double[] of = table.numbers(cost.column());
            Arrays.setAll(costs, row -> costs[row] + of[row]);
        }
        cost.prices().ifPresent(prices -> addPrices(prices, data, costs));
        return costs;
    }

    private void addPrices(Prices prices, Path data, double[] costs) {
        JsonNode entry = entry(prices, data);
        double inputPrice = entry.path(INPUT_PRICE).asDouble();
        double outputPrice = entry.path(OUTPUT_PRICE).asDouble();
        double[] input = table.numbers(prices.input().column());
        for (int row = 0; row < costs.length; row++) {
            int characters = table.text(prices.output().column(), row).length();
            double output = characters == 0
                    ? prices.outputWithout()
                    : characters / prices.output().per();
            costs[row] += input[row] / prices.input().per() * inputPrice + output * outputPrice;
        }
    }

    private static JsonNode entry(Prices prices, Path data) {
        Path file = TableReader.file(data, prices.file());
        try (InputStream bytes = TableReader.open(file)) {
            JsonNode entry = new ObjectMapper().readTree(bytes).path(prices.entry());
            if (!entry.path(INPUT_PRICE).isNumber() || !entry.path(OUTPUT_PRICE).isNumber()) {
                throw new BadInputException(file + ": must have " + INPUT_PRICE + " and " + OUTPUT_PRICE + " of "
                        + prices.entry() + ": there is none");
            }
            return entry;
        } catch (IOException broken) {
            throw new BadInputException(file + ": must be a JSON object: " + broken.getMessage());
        }
    }

    /** Cost of an arm in each row of the table, in currency units. Not to be changed. */
    double[] cost(int arm) {
        return costs[arm];
    }

    /**
     * Quality of an arm in each row of the table, 0 to 1. Of a logged set: not a number where another arm was chosen.
     *
     * @param training rows that bands are taken from.
     */
    double[] quality(int arm, int[] training) {
        Arm of = mapping.arms().get(arm);
        double[] qualities = grades(of.quality(), training);
        mapping.logged().ifPresent(logged -> {
            for (int row = 0; row < qualities.length; row++) {
                if (!table.text(logged.arm(), row).equals(of.name())) {
                    qualities[row] = Double.NaN;
                }
            }
        });
        return qualities;
    }

    private double[] grades(Quality quality, int[] training) {
        double[] qualities = new double[table.rowCount()];
        switch (quality.grade()) {
            case ALWAYS -> Arrays.fill(qualities, 1);
            case VALUE -> {
                double[] of = table.numbers(quality.column());
                Arrays.setAll(qualities, row -> Math.max(0, Math.min(1, of[row])));
            }
            case IS -> Arrays.setAll(qualities, row -> isText(quality, row) ? 1 : 0);
            case IS_NOT -> Arrays.setAll(qualities, row -> isText(quality, row) ? 0 : 1);
            case WITHIN -> {
                double[] of = table.numbers(quality.column());
                Arrays.setAll(qualities, row -> of[row] >= quality.least() && of[row] < quality.below() ? 1 : 0);
            }
            case BAND -> {
                int[] bands = Bands.of(table.numbers(quality.column()), training, quality.of());
                Arrays.setAll(qualities, row -> bands[row] == quality.band() ? 1 : 0);
            }
        }
        return qualities;
    }

    private boolean isText(Quality quality, int row) {
        return table.text(quality.column(), row).equals(quality.text());
    }
}
