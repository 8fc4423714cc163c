package io.ringfence.engine.budget;

import io.ringfence.schemas.ExecutionEncoder;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The life of one order on paper: what is asked and reported, a line a step, and what must stand after each. {@code README.md} beside the
 * files has the words.
 */
public record Blotter(String name, long granted, List<Step> steps) {
    /** Where the files are. */
    public static final Path DIRECTORY =
            Path.of(System.getProperty("ringfence.root", ".."), "engine/src/test/resources/blotters");

    private static final String ENDING = ".txt";

    /** What a step asks or reports. */
    public enum Verb {
        ORDER,
        REPLACE,
        CANCEL,
        REPORT
    }

    /** What must stand behind a step: of the order, its account, and the answer. */
    public record Expected(long held, long open, long position, long committed, long overdrawn, ReasonCode reason) {}

    /**
     * One step, in whole units and amounts a unit; a report's figures that are not said are SBE null.
     *
     * @param order     the order it is about: 0 the first, 1 the second.
     * @param execution id of a report, unique for the order.
     * @param about     execution that a bust or a correction names.
     * @param terms     what a report speaks of: 0 the order, n its n-th replace, -1 not said.
     */
    public record Step(
            String text,
            Verb verb,
            int order,
            Side side,
            ExecutionKind kind,
            long quantity,
            long price,
            long fee,
            long execution,
            long about,
            int terms,
            long total,
            long cumulative,
            long leaves,
            Expected expected) {}

    /** All of them, by name. */
    public static List<Blotter> all() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            List<Blotter> blotters = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(ENDING)) {
                    blotters.add(read(file));
                }
            }
            return blotters;
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static Blotter read(Path file) throws IOException {
        String name = file.getFileName().toString().replace(ENDING, "");
        long granted = 0;
        List<Step> steps = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (text.startsWith("account ")) {
                granted = Long.parseLong(text.substring("account ".length()));
            } else if (!text.isEmpty()) {
                try {
                    steps.add(step(text, steps.size() + 1));
                } catch (RuntimeException e) {
                    throw new IllegalArgumentException(file + ":" + number + ": " + line, e);
                }
            }
        }
        return new Blotter(name, granted, List.copyOf(steps));
    }

    private static Step step(String text, int number) {
        String[] sides = text.split("\\|");
        List<String> words = new ArrayList<>(List.of(sides[0].strip().split("\\s+")));
        boolean isSecond = words.remove("second");
        String verb = words.remove(0);
        Map<String, Long> said = new HashMap<>();
        while (!words.isEmpty()) {
            String word = words.remove(0);
            if (Character.isDigit(word.charAt(0))) {
                said.put("quantity", Long.parseLong(word));
            } else {
                String value = words.remove(0);
                said.put(word, value.equals("order") ? 0 : Long.parseLong(value.replaceFirst("^R", "")));
            }
        }
        long nothing = ExecutionEncoder.orderQuantityNullValue();
        return new Step(
                number + ": " + text,
                verbOf(verb),
                isSecond ? 1 : 0,
                verb.equals("sell") ? Side.SELL : Side.BUY,
                kindOf(verb),
                said.getOrDefault("quantity", 0L),
                said.getOrDefault("@", 0L),
                said.getOrDefault("fee", 0L),
                said.getOrDefault("as", 100L + number),
                said.getOrDefault("about", ExecutionEncoder.referenceExecutionIdNullValue()),
                said.getOrDefault("of", -1L).intValue(),
                said.getOrDefault("total", nothing),
                said.getOrDefault("cum", nothing),
                said.getOrDefault("leaves", 0L),
                expected(sides[1]));
    }

    private static Expected expected(String text) {
        String[] words = text.strip().split("\\s+");
        long[] figures = new long[5];
        ReasonCode reason = ReasonCode.NONE;
        for (int i = 0; i < words.length; i++) {
            if (Character.isLetter(words[i].charAt(0))) {
                reason = ReasonCode.valueOf(words[i]);
            } else {
                figures[i] = Long.parseLong(words[i]);
            }
        }
        return new Expected(figures[0], figures[1], figures[2], figures[3], figures[4], reason);
    }

    private static Verb verbOf(String word) {
        return switch (word) {
            case "buy", "sell" -> Verb.ORDER;
            case "replace" -> Verb.REPLACE;
            case "cancel" -> Verb.CANCEL;
            default -> Verb.REPORT;
        };
    }

    private static ExecutionKind kindOf(String word) {
        return switch (word) {
            case "buy", "sell", "replace", "cancel" -> ExecutionKind.NULL_VAL;
            case "fill" -> ExecutionKind.FILL;
            case "cancelled" -> ExecutionKind.CANCELLED;
            case "replaced" -> ExecutionKind.REPLACED;
            case "replace-rejected" -> ExecutionKind.REPLACE_REJECTED;
            case "rejected" -> ExecutionKind.REJECTED_BY_VENUE;
            case "expired" -> ExecutionKind.EXPIRED;
            case "bust" -> ExecutionKind.BUST;
            case "correct" -> ExecutionKind.CORRECTION;
            default -> throw new IllegalArgumentException("verb must be known: " + word);
        };
    }
}
