package io.ringfence.tools.load;

import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.OptionRule;
import io.ringfence.tools.input.OrderEvents;
import io.ringfence.tools.input.OrderTape;
import io.ringfence.tools.input.SyntheticOrders;
import java.nio.file.Path;

/**
 * The word of {@code --input}: {@code synthetic}, {@code synthetic:SEED} or {@code bitstamp:FILE}.
 *
 * @param text as it was given.
 * @param file of order events; null: they are made.
 * @param seed of what is made.
 */
record LoadInput(String text, Path file, long seed) {
    /** Orders after which a made flow is repeated: so many ids are remembered, and no more memory is needed. */
    static final int MADE_ORDERS_MAX = 1 << 19;

    private static final String SYNTHETIC = "synthetic";
    private static final String BITSTAMP = "bitstamp:";
    private static final long DEFAULT_SEED = 1;

    /**
     * Reads the word.
     *
     * @throws BadInputException if it is none of the three.
     */
    static LoadInput of(String text) {
        if (text.equals(SYNTHETIC)) {
            return new LoadInput(text, null, DEFAULT_SEED);
        }
        if (text.startsWith(SYNTHETIC + ":")) {
            return new LoadInput(text, null, seed(text, text.substring(SYNTHETIC.length() + 1)));
        }
        if (text.startsWith(BITSTAMP) && text.length() > BITSTAMP.length()) {
            return new LoadInput(text, Path.of(text.substring(BITSTAMP.length())), 0);
        }
        throw fault(text);
    }

    /**
     * Loads a file whole, or makes a flow of as many orders as are wanted.
     *
     * @param orders wanted; a made flow has no more than {@link #MADE_ORDERS_MAX}.
     * @throws io.ringfence.gateway.config.ConfigFault if the file is wrong: file, line, field, rule.
     */
    OrderTape tape(long orders) {
        if (file == null) {
            return OrderTape.of(new SyntheticOrders(seed), Math.min(orders, MADE_ORDERS_MAX));
        }
        OptionRule.requireFile("--input", file);
        try (OrderEvents events = OrderEvents.open(file)) {
            OrderTape tape = OrderTape.of(events);
            if (tape.createdCount() == 0) {
                throw new BadInputException("--input: " + file + ": must hold a created order: it holds none");
            }
            return tape;
        }
    }

    private static long seed(String text, String seed) {
        try {
            return Long.parseUnsignedLong(seed);
        } catch (NumberFormatException noNumber) {
            throw fault(text);
        }
    }

    private static BadInputException fault(String text) {
        return new BadInputException(
                "--input: must be synthetic, synthetic:SEED with a whole number, or bitstamp:FILE: \"" + text + '"');
    }
}
