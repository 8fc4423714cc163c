package io.ringfence.tools.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A data set whose truth is known: of four kinds of rows one is hard. The cheap arm succeeds on 97 of 100 easy rows and on 20 of 100 hard ones, the
 * dear one always; so who looks at the kind needs the dear arm for a quarter of the rows only.
 */
final class PlantedSet {
    static final double HARD_SHARE = 0.25;
    static final double EASY_SUCCESS = 0.97;
    static final double HARD_SUCCESS = 0.2;

    private static final String MAPPING = """
            about: a planted set
            worth: 10
            read:
              - file: planted/rows.csv
            rows: {order: shuffled, step_ms: 1000}
            training: {share_bps: 1000, pick: first}
            before: [kind, size]
            request:
              use_case:
                - {column: kind, most: 4}
              units: {column: size}
            arms:
              - {name: cheap, quality: {column: cheap_right, is: 1}, cost: {fixed: 0.1}}
              - {name: dear, quality: {always: 1}, cost: {column: dear_cost}}
            """;

    private final Path folder;

    /** Writes the data below a folder, and the mapping beside the shipped configuration of the engine. */
    PlantedSet(Path folder, int rows) throws IOException {
        this.folder = folder;
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Path shipped = Path.of(System.getProperty("ringfence.root"), "conf", "evaluation");
        Files.copy(shipped.resolve("engine.yaml"), conf.resolve("engine.yaml"));
        Files.copy(shipped.resolve("common.yaml"), conf.resolve("common.yaml"));
        write(MAPPING);
        StringBuilder csv = new StringBuilder("kind,size,note,cheap_right,dear_cost,shown,click\n");
        SplittableRandom random = new SplittableRandom(7);
        for (int row = 0; row < rows; row++) {
            int kind = random.nextInt(4);
            boolean isRight = random.nextDouble() < (kind == 0 ? HARD_SUCCESS : EASY_SUCCESS);
            csv.append("kind-").append(kind).append(",1,\"a, b\n").append(row).append("\",");
            boolean isCheapShown = row % 2 == 0;
            csv.append(isRight ? 1 : 0).append(",1.0,");
            csv.append(isCheapShown ? "cheap," : "dear,")
                    .append(isRight || !isCheapShown ? 1 : 0)
                    .append('\n');
        }
        Path data = Files.createDirectories(folder.resolve("data/planted"));
        Files.writeString(data.resolve("rows.csv"), csv);
    }

    /** Writes another mapping. */
    void write(String mapping) throws IOException {
        Files.writeString(mapping(), mapping);
    }

    /** The mapping with one text in place of another that stands in it. */
    void change(String text, String other) throws IOException {
        if (!MAPPING.contains(text)) {
            throw new IllegalArgumentException("the mapping must hold the text: text=" + text);
        }
        write(MAPPING.replace(text, other));
    }

    /** Writes a mapping by which only the shown arm's outcome is known; both arms cost the same. */
    void logged() throws IOException {
        String arms = """
                arms:
                  - each: [cheap, dear]
                    quality: {column: click}
                    cost: {fixed: 0.1}
                logged: {arm: shown}
                """;
        write(MAPPING.substring(0, MAPPING.indexOf("arms:")).replace("order: shuffled", "order: as_read") + arms);
    }

    Path mapping() {
        return folder.resolve("conf/planted.yaml");
    }

    Path data() {
        return folder.resolve("data");
    }
}
