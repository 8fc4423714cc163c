package io.ringfence.tools.evaluation.data;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.gateway.config.YamlMapping;
import io.ringfence.tools.evaluation.data.Mapping.Arm;
import io.ringfence.tools.evaluation.data.Mapping.Derived;
import io.ringfence.tools.evaluation.data.Mapping.Part;
import io.ringfence.tools.evaluation.data.Mapping.Quality;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a mapping must keep beside its shape: above all, that a request reads only what is known before the act.
 *
 * <p>A column is known before the act when {@code before} lists it. It may not list a column of which an outcome is read, or one that is
 * computed from rows that follow, or from a column that is not listed itself. What an earlier row came to is known.
 */
final class MappingRules {
    private static final int REGIMES = 4;

    private final Mapping mapping;
    private final YamlMapping root;
    private final Set<String> before;

    /** @param root of the file, for the fault. */
    MappingRules(Mapping mapping, YamlMapping root) {
        this.mapping = mapping;
        this.root = root;
        this.before = new LinkedHashSet<>(mapping.before());
    }

    void require() {
        requireArms();
        requireBeforeIsBefore();
        requireRequestIsBefore();
        long kinds = 1;
        for (Part part : mapping.useCase()) {
            kinds *= part.size();
        }
        if (kinds > Adaptive.USE_CASES_MAX) {
            throw root.value("request")
                    .fault(
                            "use_case must have at most " + Adaptive.USE_CASES_MAX + " combinations",
                            Long.toString(kinds));
        }
        if (mapping.risk().filter(part -> part.size() > REGIMES).isPresent()) {
            throw root.value("request").fault("risk must have at most " + REGIMES + " bands");
        }
    }

    private void requireArms() {
        Set<String> names = new HashSet<>();
        for (Arm arm : mapping.arms()) {
            if (!names.add(arm.name())) {
                throw root.value("arms").fault("must name each arm once", arm.name());
            }
        }
        if (names.size() < 2) {
            throw root.value("arms").fault("must list two arms at least", Integer.toString(names.size()));
        }
        mapping.fit().map(Mapping.Fit::reference).ifPresent(name -> requireArm("fit", name, names));
        mapping.curve().map(Mapping.Curve::arm).ifPresent(name -> requireArm("curve", name, names));
    }

    private void requireArm(String key, String name, Set<String> names) {
        if (!names.contains(name)) {
            throw root.value(key).fault("must name one of the arms " + String.join(", ", names), name);
        }
    }

    private void requireBeforeIsBefore() {
        Set<String> outcomes = new HashSet<>();
        mapping.arms().stream().map(Arm::quality).map(Quality::column).forEach(outcomes::add);
        mapping.arms().stream().map(arm -> arm.cost().column()).forEach(outcomes::add);
        mapping.arms().stream()
                .flatMap(arm -> arm.cost().prices().stream())
                .map(prices -> prices.output().column())
                .forEach(outcomes::add);
        mapping.logged().map(Mapping.Logged::arm).ifPresent(outcomes::add);
        for (String column : before) {
            if (outcomes.contains(column)) {
                throw root.value("before").fault("must list nothing that an outcome is read from", column);
            }
        }
        for (Derived derived : mapping.derived()) {
            boolean isKnown =
                    derived.way() == Mapping.Way.EARLIER || !derived.isOfTheFuture() && before.contains(derived.of());
            if (before.contains(derived.name()) && !isKnown) {
                throw root.value("before")
                        .fault(
                                "must list a computed column only with what it is computed of, and none that looks"
                                        + " ahead",
                                derived.name());
            }
        }
    }

    private void requireRequestIsBefore() {
        Stream.of(
                        mapping.useCase().stream().map(Part::column),
                        mapping.risk().stream().map(Part::column),
                        mapping.units().stream().map(Mapping.Units::column))
                .flatMap(columns -> columns)
                .filter(column -> !column.equals(Mapping.FITTED_RISK))
                .forEach(column -> requireBefore("request", column));
        mapping.fit().ifPresent(fit -> {
            fit.columns().forEach(column -> requireBefore("fit", column));
            fit.words().forEach(column -> requireBefore("fit", column));
        });
        if (mapping.fit().isEmpty() && usesFit()) {
            throw root.value("request").fault("must use " + Mapping.FITTED_RISK + " only beside fit");
        }
    }

    private boolean usesFit() {
        return Stream.concat(mapping.useCase().stream(), mapping.risk().stream())
                .anyMatch(part -> part.column().equals(Mapping.FITTED_RISK));
    }

    private void requireBefore(String key, String column) {
        if (!before.contains(column)) {
            throw root.value(key)
                    .fault("must read only what is known before the act: " + String.join(", ", before), column);
        }
    }

    /** Columns of the files that the mapping reads. */
    static Set<String> read(Mapping mapping) {
        Set<String> columns = new LinkedHashSet<>(mapping.before());
        mapping.pivot().ifPresent(pivot -> columns.addAll(List.of(pivot.row(), pivot.arm())));
        mapping.derived().forEach(derived -> columns.addAll(List.of(derived.of(), derived.by())));
        columns.add(mapping.rows().sortedBy());
        columns.addAll(mapping.rows().needed());
        mapping.streams().values().forEach(thinning -> columns.add(thinning.column()));
        mapping.logged().ifPresent(logged -> columns.add(logged.arm()));
        for (Arm arm : mapping.arms()) {
            columns.add(ofFile(arm.quality().column(), arm, mapping));
            columns.add(ofFile(arm.cost().column(), arm, mapping));
            arm.cost().prices().ifPresent(prices -> {
                columns.add(prices.input().column());
                columns.add(prices.output().column());
            });
        }
        mapping.derived().forEach(derived -> columns.remove(derived.name()));
        columns.remove("");
        return columns;
    }

    /** Of a pivoted set the column is named behind its arm. */
    private static String ofFile(String column, Arm arm, Mapping mapping) {
        String head = arm.name() + '|';
        return mapping.pivot().isPresent() && column.startsWith(head) ? column.substring(head.length()) : column;
    }
}
