package io.ringfence.tools.input;

import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.schemas.Side;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Reads order events from a csv file, plain, {@code .gz} or {@code .bz2}, line by line.
 *
 * <p>The first line names the columns; {@code id}, {@code timestamp}, {@code price}, {@code volume}, {@code action} and
 * {@code direction} must be among them, in any order; others are passed over. A line that cannot be read is a
 * {@link ConfigFault} that names file, line and column.
 */
public final class OrderEvents implements OrderSource, AutoCloseable {
    private final String file;
    private final BufferedReader reader;
    private final OrderColumns columns;
    private final String[] cells;
    private final OrderEvent event = new OrderEvent();

    private int line;

    private OrderEvents(String file, BufferedReader reader, OrderColumns columns) {
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
        BufferedReader reader = TextFile.open(file);
        boolean isOpen = false;
        try {
            String header = readLine(file.toString(), 1, reader);
            OrderColumns columns = OrderColumns.of(file.toString(), header == null ? "" : header);
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

    private OrderEventKind kindOf(String text) {
        return switch (text) {
            case "created" -> OrderEventKind.CREATED;
            case "changed" -> OrderEventKind.CHANGED;
            case "deleted" -> OrderEventKind.DELETED;
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
}
