package io.ringfence.tools.evaluation.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the rows of one data set become requests and outcomes, as its file says it. Immutable.
 *
 * @param name      of the set: that of its file.
 * @param about     one line for people.
 * @param sha256    of the file, lower-case hex.
 * @param sources   files to read, in order.
 * @param pivot     which rows make one row together; empty: none.
 * @param derived   columns computed of others.
 * @param rows      which rows there are, in which order, and how much time lies between them.
 * @param streams   other streams of the same rows, by name.
 * @param before    columns whose value is known before the act: a request reads no other.
 * @param fit       how the risk of a row is estimated; empty: it is not.
 * @param useCase   what tells the use cases apart: at most 64 combinations.
 * @param risk      what tells the regimes apart: at most four bands; empty: all rows have one regime.
 * @param units     size of a request; empty: all have the same.
 * @param worth     what a success is worth, in mean costs of the best arm; above 1.
 * @param arms      what may be chosen.
 * @param logged    of a set that knows only the outcome of the arm that was chosen then; empty: all outcomes are known.
 * @param curve     worths of a success at which the share of an arm is shown; empty: none.
 * @param offPolicy logs from which a policy's value is estimated.
 */
public record Mapping(
        String name,
        String about,
        String sha256,
        List<Source> sources,
        Optional<Pivot> pivot,
        List<Derived> derived,
        Rows rows,
        Map<String, Thinning> streams,
        List<String> before,
        Optional<Fit> fit,
        List<Part> useCase,
        Optional<Part> risk,
        Optional<Units> units,
        double worth,
        List<Arm> arms,
        Optional<Logged> logged,
        Optional<Curve> curve,
        List<OffPolicyPair> offPolicy) {
    /** Name of the column that {@link Fit} makes: how likely it is that the reference arm falls short, 0 to 1. */
    public static final String FITTED_RISK = "fitted_risk";

    /** Index of the arm of this name, which {@link MappingReader} has found. */
    public int armNamed(String armName) {
        int arm = 0;
        while (!arms.get(arm).name().equals(armName)) {
            arm++;
        }
        return arm;
    }

    /**
     * A file.
     *
     * @param positions place of each column, from 0, where the file has no header line; empty: it has one.
     * @param constants columns that have one value in all rows of the file.
     */
    public record Source(String file, Map<String, Integer> positions, Map<String, String> constants) {}

    /** Rows with one text in column {@code row} become one row; each has the outcome of the arm that column {@code arm} names. */
    public record Pivot(String row, String arm) {}

    /** How a column is computed. */
    public enum Way {
        /** Characters of the text. */
        LENGTH,
        /** Without its sign. */
        MAGNITUDE,
        /** By how much the value has changed since an earlier row, as a part of that. */
        CHANGE,
        /** The value of an earlier row: what that came to is known by now. */
        EARLIER
    }

    /**
     * A column computed of another.
     *
     * @param by    column whose text must be the same in both rows; empty: none.
     * @param shift rows from the other row to this one; below 0, of a change alone: from this row to one that follows.
     */
    public record Derived(String name, Way way, String of, String by, int shift) {
        /** Is it known only after the rows that follow? */
        boolean isOfTheFuture() {
            return way == Way.CHANGE && shift < 0;
        }
    }

    /**
     * Which rows there are, and when.
     *
     * @param isShuffled   the seed gives the order.
     * @param sortedBy     column by whose text rows are sorted first; empty: as read.
     * @param needed       columns that must have a number; rows without are left out.
     * @param stepMs       event time from row to row.
     * @param trainingBps  share of rows that priors are taken from; they come first and are not counted.
     * @param trainingMost most of them.
     * @param isTrainedFirst the first rows are for training; else the seed picks them.
     */
    public record Rows(
            boolean isShuffled,
            String sortedBy,
            List<String> needed,
            long stepMs,
            int trainingBps,
            int trainingMost,
            boolean isTrainedFirst) {}

    /** Of the rows whose {@code column} is not {@code keep}, as many are left, of each kind in proportion, as make {@code shareBps} of all. */
    public record Thinning(String column, String keep, int shareBps) {}

    /**
     * Naive Bayes over the training rows: how likely it is that the best arm does better than the reference arm.
     *
     * @param reference name of that arm.
     * @param columns   each text, or band of numbers, counts by itself.
     * @param words     columns whose words count one by one.
     * @param bands     of a column of numbers.
     */
    public record Fit(String reference, List<String> columns, List<String> words, int bands) {}

    /**
     * One of the things that tell kinds of requests apart.
     *
     * @param column whose value counts.
     * @param bands  above 0: bands of equal size among the training rows.
     * @param most   above 0: texts that are told apart, the most frequent of the training rows; the others are one kind.
     */
    public record Part(String column, int bands, int most) {
        int size() {
            return Math.max(bands, most);
        }
    }

    /** A number of units: the value of a column, by {@code per}. */
    public record Units(String column, double per) {}

    /**
     * An arm.
     *
     * @param quality of its act, 0 to 1.
     * @param cost    of its act, in currency units.
     */
    public record Arm(String name, Quality quality, Cost cost) {}

    /** How the quality of an act is read. */
    public enum Grade {
        /** The value of the column. */
        VALUE,
        /** 1 where the column has this text. */
        IS,
        /** 1 where it has another. */
        IS_NOT,
        /** 1 where its number is within a range. */
        WITHIN,
        /** 1 where its number is in a band of the training rows. */
        BAND,
        /** 1 always. */
        ALWAYS
    }

    /**
     * How good an act was.
     *
     * @param text  of {@code IS} and {@code IS_NOT}.
     * @param least of {@code WITHIN}.
     * @param below of {@code WITHIN}.
     * @param band  of {@code BAND}, from 0.
     * @param of    bands of {@code BAND}.
     */
    public record Quality(Grade grade, String column, String text, double least, double below, int band, int of) {}

    /**
     * What an act costs: a fixed amount, plus the value of a column, plus units at the prices of a list.
     *
     * @param column empty: none.
     * @param prices empty: none.
     */
    public record Cost(double fixed, String column, Optional<Prices> prices) {}

    /**
     * Units at the prices of an entry of a price list, a JSON object of entries with {@code input_cost_per_token} and {@code
     * output_cost_per_token}.
     *
     * @param outputWithout units out where the column of {@code output} is empty.
     */
    public record Prices(String file, String entry, Units input, Units output, double outputWithout) {}

    /** Column that names the arm that was chosen. */
    public record Logged(String arm) {}

    /** Worths of a success, in costs of the best arm: for each a run shows the share of an arm and the failures that are left. */
    public record Curve(String arm, List<Double> worths) {}

    /**
     * Logs of two policies over the same arms: from each the value of the other is estimated.
     *
     * @param context columns on which the policies' probabilities depend.
     */
    public record OffPolicyPair(
            String name,
            String one,
            String other,
            List<String> context,
            String arm,
            String probability,
            String reward) {}
}
