package io.ringfence.tools.input;

import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.journal.fault.RegularFile;
import io.ringfence.schemas.Side;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Reads order events from a csv file, plain, {@code .gz} or {@code .bz2}, line by line.
 *
 * <p>The first line names the columns; {@code id}, {@code timestamp}, {@code price}, {@code volume}, {@code action} and
 * {@code direction} must be among them, in any order; others are passed over. A line that cannot be read is a
 * {@link ConfigFault} that names file, line and column.
 */
public final class OrderEvents implements OrderEvent.Source, AutoCloseable {
    private static final int BUFFER_LENGTH = 1 << 16;

    private final String file;
    private final BufferedReader reader;
    private final Columns columns;
    private final String[] cells;
    private final OrderEvent event = new OrderEvent();

    private int line;

    private OrderEvents(String file, BufferedReader reader, Columns columns) {
        this.file = file;
        this.reader = reader;
        this.columns = columns;
        this.cells = new String[columns.count()];
        this.line = 1;
    }

    /**
     * Opens a file and reads its header.
     *
     * @throws ConfigFault if there is no such file, or its header lacks a column.
     */
    public static OrderEvents open(Path file) {
        BufferedReader reader = text(file);
        boolean isOpen = false;
        try {
            String header = readLine(file.toString(), 1, reader);
            Columns columns = Columns.of(file.toString(), header == null ? "" : header);
            OrderEvents events = new OrderEvents(file.toString(), reader, columns);
            isOpen = true;
            return events;
        } finally {
            if (!isOpen) {
                close(reader);
            }
        }
    }

    @Override
    public boolean advance() {
        String text;
        do {
            line++;
            text = readLine(file, line, reader);
            if (text == null) {
                return false;
            }
        } while (text.isBlank());
        split(text);
        long orderId = whole("id", columns.id(), 1, ORDER_ID_MAX);
        long timestampMs = whole("timestamp", columns.timestamp(), 0, Long.MAX_VALUE);
        long priceMicros = price();
        long volume = whole("volume", columns.volume(), 0, Long.MAX_VALUE);
        event.set(
                orderId,
                timestampMs,
                kindOf(cells[columns.action()]),
                sideOf(cells[columns.direction()]),
                priceMicros,
                volume);
        return true;
    }

    @Override
    public OrderEvent event() {
        return event;
    }

    @Override
    public void close() {
        close(reader);
    }

    private void split(String text) {
        int begin = 0;
        for (int index = 0; index < cells.length; index++) {
            int comma = text.indexOf(',', begin);
            boolean isLast = index == cells.length - 1;
            if (isLast != (comma < 0)) {
                throw fault("line", "must have " + cells.length + " columns as the header", text);
            }
            cells[index] = text.substring(begin, isLast ? text.length() : comma).strip();
            begin = comma + 1;
        }
    }

    private long whole(String column, int index, long least, long most) {
        String text = cells[index];
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notWhole) {
            throw fault(column, "must be a whole number from " + least + " to " + most, text);
        }
        throw fault(column, "must be a whole number from " + least + " to " + most, text);
    }

    private long price() {
        String text = cells[columns.price()];
        long micros;
        try {
            micros = DecimalMicros.parse(text);
        } catch (NumberFormatException refused) {
            throw fault("price", refused.getMessage(), text);
        }
        if (micros < 0) {
            throw fault("price", "must not be negative", text);
        }
        return micros;
    }

    private OrderEvent.Kind kindOf(String text) {
        return switch (text) {
            case "created" -> OrderEvent.Kind.CREATED;
            case "changed" -> OrderEvent.Kind.CHANGED;
            case "deleted" -> OrderEvent.Kind.DELETED;
            default -> throw fault("action", "must be created, changed or deleted", text);
        };
    }

    private Side sideOf(String text) {
        return switch (text) {
            case "bid" -> Side.BUY;
            case "ask" -> Side.SELL;
            default -> throw fault("direction", "must be bid or ask", text);
        };
    }

    private ConfigFault fault(String column, String rule, String found) {
        return new ConfigFault(file, line, column, rule + ": \"" + found + '"');
    }

    /**
     * Opens a file; {@code .gz} and {@code .bz2} are unpacked.
     *
     * @throws ConfigFault if there is no such file, it cannot be opened, or it is not packed as its name says.
     */
    private static BufferedReader text(Path file) {
        String otherwise = RegularFile.otherwise(file);
        if (otherwise != null) {
            throw ConfigFault.ofFile(file, "must be a file: " + otherwise);
        }
        InputStream packed = null;
        try {
            packed = new BufferedInputStream(Files.newInputStream(file), BUFFER_LENGTH);
            InputStream bytes = unpacked(file.toString(), packed);
            return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8), BUFFER_LENGTH);
        } catch (IOException refused) {
            ConfigFault fault = ConfigFault.ofFile(file, "must be readable: " + refused.getMessage());
            closeQuietly(packed, fault);
            throw fault;
        }
    }

    private static InputStream unpacked(String name, InputStream packed) throws IOException {
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(packed, BUFFER_LENGTH);
        }
        if (name.endsWith(".bz2")) {
            return new BufferedInputStream(new BZip2CompressorInputStream(packed, true), BUFFER_LENGTH);
        }
        return packed;
    }

    private static void closeQuietly(InputStream stream, ConfigFault fault) {
        try {
            if (stream != null) {
                stream.close();
            }
        } catch (IOException second) {
            fault.addSuppressed(second);
        }
    }

    private static String readLine(String file, int line, BufferedReader reader) {
        try {
            return reader.readLine();
        } catch (IOException broken) {
            throw new ConfigFault(file, line, "file", "must be readable to its end: " + broken.getMessage());
        }
    }

    private static void close(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * Where the columns of an order file stand, counted from 0.
     *
     * @param count how many the header names, those passed over included.
     */
    private record Columns(int id, int timestamp, int price, int volume, int action, int direction, int count) {
        static Columns of(String file, String header) {
            List<String> names =
                    Arrays.stream(header.split(",", -1)).map(String::strip).toList();
            return new Columns(
                    index(file, names, "id"),
                    index(file, names, "timestamp"),
                    index(file, names, "price"),
                    index(file, names, "volume"),
                    index(file, names, "action"),
                    index(file, names, "direction"),
                    names.size());
        }

        private static int index(String file, List<String> names, String name) {
            int index = names.indexOf(name);
            if (index < 0) {
                throw new ConfigFault(
                        file, 1, "header", "must name the column " + name + ": \"" + String.join(",", names) + '"');
            }
            return index;
        }
    }
}
