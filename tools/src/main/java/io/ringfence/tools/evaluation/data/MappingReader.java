package io.ringfence.tools.evaluation.data;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.gateway.config.YamlFile;
import io.ringfence.gateway.config.YamlMapping;
import io.ringfence.gateway.config.YamlValue;
import io.ringfence.tools.evaluation.data.Mapping.Arm;
import io.ringfence.tools.evaluation.data.Mapping.Cost;
import io.ringfence.tools.evaluation.data.Mapping.Curve;
import io.ringfence.tools.evaluation.data.Mapping.Derived;
import io.ringfence.tools.evaluation.data.Mapping.Fit;
import io.ringfence.tools.evaluation.data.Mapping.Grade;
import io.ringfence.tools.evaluation.data.Mapping.Logged;
import io.ringfence.tools.evaluation.data.Mapping.OffPolicyPair;
import io.ringfence.tools.evaluation.data.Mapping.Part;
import io.ringfence.tools.evaluation.data.Mapping.Pivot;
import io.ringfence.tools.evaluation.data.Mapping.Prices;
import io.ringfence.tools.evaluation.data.Mapping.Quality;
import io.ringfence.tools.evaluation.data.Mapping.Rows;
import io.ringfence.tools.evaluation.data.Mapping.Source;
import io.ringfence.tools.evaluation.data.Mapping.Thinning;
import io.ringfence.tools.evaluation.data.Mapping.Units;
import io.ringfence.tools.evaluation.data.Mapping.Way;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the mapping of a data set, or refuses it with file, line, field and rule. It knows no data set. */
public final class MappingReader {
    private static final String ARM = "{arm}";
    private static final String ENDING = ".yaml";
    private static final int ARMS_MAX = 256;
    private static final int BANDS_MAX = 64;
    private static final int ROWS_MAX = 100_000_000;
    private static final long STEP_MAX_MS = 31L * 86_400_000;

    private MappingReader() {}

    /**
     * Reads a mapping.
     *
     * @throws io.ringfence.gateway.config.ConfigFault for the first thing wrong in it, also a request that would read what is known only
     *     after the act.
     */
    public static Mapping read(Path path) {
        YamlFile file = YamlFile.read(path);
        YamlMapping root = file.root();
        String fileName = path.getFileName().toString();
        YamlMapping request = root.value("request").mapping();
        Mapping mapping = new Mapping(
                fileName.endsWith(ENDING) ? fileName.substring(0, fileName.length() - ENDING.length()) : fileName,
                root.value("about").name(),
                HexFormat.of().formatHex(Sha256.of(file.source())),
                root.value("read").list().stream().map(MappingReader::source).toList(),
                root.find("pivot").map(YamlValue::mapping).map(MappingReader::pivot),
                root.list("derive").stream().map(MappingReader::derived).toList(),
                rows(root.value("rows").mapping(), root.value("training").mapping()),
                streams(root.mapping("streams")),
                texts(root.value("before")),
                root.find("fit").map(YamlValue::mapping).map(MappingReader::fit),
                request.value("use_case").list().stream()
                        .map(MappingReader::part)
                        .toList(),
                request.find("risk").map(MappingReader::part),
                request.find("units").map(MappingReader::units),
                worth(root.value("worth")),
                arms(root.value("arms").list()),
                root.find("logged").map(YamlValue::mapping).map(MappingReader::logged),
                root.find("curve").map(YamlValue::mapping).map(MappingReader::curve),
                root.list("off_policy").stream().map(MappingReader::offPolicy).toList());
        request.refuseUnknown();
        root.refuseUnknown();
        new MappingRules(mapping, root).require();
        return mapping;
    }

    private static Source source(YamlValue value) {
        YamlMapping keys = value.mapping();
        Map<String, Integer> positions = new LinkedHashMap<>();
        keys.mapping("columns").entries().forEach((name, place) -> positions.put(name, place.wholeInt(1, 10_000) - 1));
        Map<String, String> constants = new LinkedHashMap<>();
        keys.mapping("with").entries().forEach((name, text) -> constants.put(name, text.text()));
        Source source = new Source(keys.value("file").text(), positions, constants);
        keys.refuseUnknown();
        return source;
    }

    private static Pivot pivot(YamlMapping keys) {
        Pivot pivot = new Pivot(keys.value("row").text(), keys.value("arm").text());
        keys.refuseUnknown();
        return pivot;
    }

    private static Derived derived(YamlValue value) {
        YamlMapping keys = value.mapping();
        String name = keys.value("name").name();
        Optional<YamlValue> length = keys.find("length_of");
        Optional<YamlValue> magnitude = keys.find("magnitude_of");
        Optional<YamlValue> change = keys.find("change_of");
        Optional<YamlValue> earlier = keys.find("earlier");
        if (Stream.of(length, magnitude, change, earlier)
                        .filter(Optional::isPresent)
                        .count()
                != 1) {
            throw value.fault("must have one of length_of, magnitude_of, change_of, earlier");
        }
        Derived derived;
        if (change.isPresent()) {
            Optional<YamlValue> back = keys.find("back");
            Optional<YamlValue> ahead = keys.find("ahead");
            if (back.isPresent() == ahead.isPresent()) {
                throw value.fault("must have either back or ahead");
            }
            int shift = back.isPresent()
                    ? back.get().wholeInt(1, 1_000)
                    : -ahead.orElseThrow().wholeInt(1, 1_000);
            String by = keys.find("by").map(YamlValue::text).orElse("");
            derived = new Derived(name, Way.CHANGE, change.get().text(), by, shift);
        } else if (earlier.isPresent()) {
            int back = keys.value("back").wholeInt(1, 1_000);
            String by = keys.find("by").map(YamlValue::text).orElse("");
            derived = new Derived(name, Way.EARLIER, earlier.get().text(), by, back);
        } else {
            Way way = length.isPresent() ? Way.LENGTH : Way.MAGNITUDE;
            derived = new Derived(
                    name, way, length.or(() -> magnitude).orElseThrow().text(), "", 0);
        }
        keys.refuseUnknown();
        return derived;
    }

    private enum Order {
        SHUFFLED,
        AS_READ
    }

    private enum Pick {
        FIRST,
        RANDOM
    }

    private static Rows rows(YamlMapping rows, YamlMapping training) {
        Rows read = new Rows(
                rows.value("order").word(Order.class) == Order.SHUFFLED,
                rows.find("sort_by").map(YamlValue::text).orElse(""),
                rows.find("needed").map(MappingReader::texts).orElse(List.of()),
                rows.value("step_ms").wholeNumber(1, STEP_MAX_MS),
                training.value("share_bps").wholeInt(1, 9_999),
                training.find("most").map(most -> most.wholeInt(1, ROWS_MAX)).orElse(ROWS_MAX),
                training.value("pick").word(Pick.class) == Pick.FIRST);
        rows.refuseUnknown();
        training.refuseUnknown();
        return read;
    }

    private static Map<String, Thinning> streams(YamlMapping keys) {
        Map<String, Thinning> streams = new LinkedHashMap<>();
        keys.entries().forEach((name, value) -> {
            YamlMapping thinning = value.mapping();
            streams.put(
                    name,
                    new Thinning(
                            thinning.value("column").text(),
                            thinning.value("keep").text(),
                            thinning.value("share_bps").wholeInt(1, 9_999)));
            thinning.refuseUnknown();
        });
        return streams;
    }

    private static Fit fit(YamlMapping keys) {
        Fit fit = new Fit(
                keys.value("reference").text(),
                keys.find("columns").map(MappingReader::texts).orElse(List.of()),
                keys.find("words").map(MappingReader::texts).orElse(List.of()),
                keys.find("bands").map(bands -> bands.wholeInt(2, BANDS_MAX)).orElse(10));
        keys.refuseUnknown();
        return fit;
    }

    private static Part part(YamlValue value) {
        YamlMapping keys = value.mapping();
        String column = keys.value("column").text();
        Optional<YamlValue> bands = keys.find("bands");
        Optional<YamlValue> most = keys.find("most");
        if (bands.isPresent() == most.isPresent()) {
            throw value.fault("must have either bands (of numbers) or most (of texts)");
        }
        Part part = new Part(
                column,
                bands.map(count -> count.wholeInt(1, BANDS_MAX)).orElse(0),
                most.map(count -> count.wholeInt(1, BANDS_MAX)).orElse(0));
        keys.refuseUnknown();
        return part;
    }

    private static double worth(YamlValue value) {
        return (double) value.wholeInt(2, 1_000_000);
    }

    private static Units units(YamlValue value) {
        YamlMapping keys = value.mapping();
        Units units = new Units(
                keys.value("column").text(),
                keys.find("per").map(per -> per.decimal().doubleValue()).orElse(1.0));
        keys.refuseUnknown();
        return units;
    }

    /** An entry with {@code each} stands for one arm a name, which takes the place of {@code {arm}} in it. */
    private static List<Arm> arms(List<YamlValue> list) {
        List<Arm> arms = new ArrayList<>();
        for (YamlValue value : list) {
            YamlMapping keys = value.mapping();
            Optional<YamlValue> each = keys.find("each");
            List<String> names = each.isPresent()
                    ? texts(each.get())
                    : List.of(keys.value("name").name());
            for (String name : names) {
                arms.add(new Arm(name, quality(keys.value("quality"), name), cost(keys.value("cost"), name)));
            }
            keys.refuseUnknown();
            if (arms.size() > ARMS_MAX) {
                throw value.fault("must leave at most " + ARMS_MAX + " arms", Integer.toString(arms.size()));
            }
        }
        return arms;
    }

    private static String column(YamlMapping keys, String arm) {
        return keys.value("column").text().replace(ARM, arm);
    }

    private static Quality quality(YamlValue value, String arm) {
        YamlMapping keys = value.mapping();
        Quality quality;
        if (keys.find("always").isPresent()) {
            keys.value("always").wholeInt(1, 1);
            quality = new Quality(Grade.ALWAYS, "", "", 0, 0, 0, 0);
        } else if (keys.find("is").isPresent()) {
            String text = keys.value("is").text().replace(ARM, arm);
            quality = new Quality(Grade.IS, column(keys, arm), text, 0, 0, 0, 0);
        } else if (keys.find("is_not").isPresent()) {
            String text = keys.value("is_not").text().replace(ARM, arm);
            quality = new Quality(Grade.IS_NOT, column(keys, arm), text, 0, 0, 0, 0);
        } else if (keys.find("band").isPresent()) {
            int of = keys.value("of").wholeInt(2, BANDS_MAX);
            int band = keys.value("band").wholeInt(1, of) - 1;
            quality = new Quality(Grade.BAND, column(keys, arm), "", 0, 0, band, of);
        } else if (keys.find("at_least").isPresent() || keys.find("below").isPresent()) {
            double least = number(keys, "at_least", Double.NEGATIVE_INFINITY);
            double below = number(keys, "below", Double.POSITIVE_INFINITY);
            quality = new Quality(Grade.WITHIN, column(keys, arm), "", least, below, 0, 0);
        } else {
            quality = new Quality(Grade.VALUE, column(keys, arm), "", 0, 0, 0, 0);
        }
        keys.refuseUnknown();
        return quality;
    }

    private static double number(YamlMapping keys, String key, double without) {
        return keys.find(key).map(value -> value.decimal().doubleValue()).orElse(without);
    }

    private static Cost cost(YamlValue value, String arm) {
        YamlMapping keys = value.mapping();
        Cost cost = new Cost(
                number(keys, "fixed", 0),
                keys.find("column")
                        .map(column -> column.text().replace(ARM, arm))
                        .orElse(""),
                keys.find("prices").map(prices -> prices(prices.mapping(), arm)));
        keys.refuseUnknown();
        return cost;
    }

    private static Prices prices(YamlMapping keys, String arm) {
        YamlMapping output = keys.value("output").mapping();
        Prices prices = new Prices(
                keys.value("file").text(),
                keys.value("entry").text().replace(ARM, arm),
                units(keys.value("input")),
                new Units(output.value("column").text().replace(ARM, arm), number(output, "per", 1)),
                number(output, "without", 0));
        output.refuseUnknown();
        keys.refuseUnknown();
        return prices;
    }

    private static Logged logged(YamlMapping keys) {
        Logged logged = new Logged(keys.value("arm").text());
        keys.refuseUnknown();
        return logged;
    }

    private static Curve curve(YamlMapping keys) {
        YamlValue worths = keys.value("worths");
        Curve curve = new Curve(
                keys.value("arm").text(),
                worths.list().stream().map(MappingReader::worth).toList());
        if (curve.worths().isEmpty()) {
            throw worths.fault("must list one worth at least: there is none");
        }
        keys.refuseUnknown();
        return curve;
    }

    private static OffPolicyPair offPolicy(YamlValue value) {
        YamlMapping keys = value.mapping();
        OffPolicyPair pair = new OffPolicyPair(
                keys.value("name").name(),
                keys.value("one").text(),
                keys.value("other").text(),
                texts(keys.value("context")),
                keys.value("arm").text(),
                keys.value("probability").text(),
                keys.value("reward").text());
        keys.refuseUnknown();
        return pair;
    }

    private static List<String> texts(YamlValue list) {
        return list.list().stream().map(YamlValue::text).toList();
    }
}
