package io.ringfence.tools.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.schemas.Side;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderEventsTest {
    private static final String HEADER = "id,timestamp,exchange.timestamp,price,volume,action,direction\n";
    private static final String ROW = "65595247,1430438404518,1430438404000,236.47,200000000,created,bid\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"orders.csv", "orders.csv.gz", "orders.csv.bz2"})
    void shouldReadPlainAndPackedFiles(String name) throws IOException {
        Path file = write(name, HEADER + ROW);

        try (OrderEvents events = OrderEvents.open(file)) {
            assertTrue(events.advance());
            assertEquals(65_595_247L, events.event().orderId());
            assertEquals(1_430_438_404_518L, events.event().timestampMs());
            assertEquals(236_470_000L, events.event().priceMicros());
            assertEquals(200_000_000L, events.event().volume());
            assertEquals(OrderEvent.Kind.CREATED, events.event().kind());
            assertEquals(Side.BUY, events.event().side());
            assertFalse(events.advance());
        }
    }

    @Test
    void shouldLocateColumnsByTheHeader() throws IOException {
        Path file = write("orders.csv", "direction,volume,x,price,action,timestamp,id\nask,5,?,0.01,deleted,3,2\n\n");

        try (OrderEvents events = OrderEvents.open(file)) {
            assertTrue(events.advance());
            assertEquals(2, events.event().orderId());
            assertEquals(10_000, events.event().priceMicros());
            assertEquals(Side.SELL, events.event().side());
            assertFalse(events.advance());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x,1,1,1.0,1,created,bid|id: must be a whole number from 1 to 9223372036854775807: \"x\"",
                "0,1,1,1.0,1,created,bid|id: must be a whole number from 1 to 9223372036854775807: \"0\"",
                "1,1,1,1.0000001,1,created,bid|price: must have at most 6 digits behind the point: \"1.0000001\"",
                "1,1,1,-1,1,created,bid|price: must not be negative: \"-1\"",
                "1,1,1,1e3,1,created,bid|price: must be a decimal number such as 12.50: \"1e3\"",
                "1,1,1,1.0,-1,created,bid|volume: must be a whole number from 0 to 9223372036854775807: \"-1\"",
                "1,1,1,1.0,1,made,bid|action: must be created, changed or deleted: \"made\"",
                "1,1,1,1.0,1,created,buy|direction: must be bid or ask: \"buy\"",
                "1,1,1,1.0,1,created|line: must have 7 columns as the header: \"1,1,1,1.0,1,created\"",
                "1,1,1,1.0,1,created,bid,9|line: must have 7 columns as the header: \"1,1,1,1.0,1,created,bid,9\""
            })
    void shouldNameFileLineAndColumnOfABadLine(String row, String expected) throws IOException {
        Path file = write("orders.csv", HEADER + ROW + row + "\n");

        try (OrderEvents events = OrderEvents.open(file)) {
            assertTrue(events.advance());
            ConfigFault fault = assertThrows(ConfigFault.class, events::advance);
            assertEquals(file + ":3: " + expected, fault.getMessage());
        }
    }

    /** Bitstamp numbered its orders with 16 digits in 2024. */
    @ParameterizedTest
    @CsvSource({
        "999999999999999, 1, 999999999999999-1",
        "1771234567890123, 1, 1771234567890123-1",
        "1771234567890123, 999, 1771234567890123-999",
        "1771234567890123, 1000, xhfulxdste3-1000",
        "9223372036854775807, 1, x1y2p0ij32e8e7-1",
        "9223372036854775807, 99999, x1y2p0ij32e8e7-99999"
    })
    void shouldReadOrderIdsOfMoreThan15Digits(String id, int round, String externalId) throws IOException {
        Path file = write("orders.csv", HEADER + ROW.replaceFirst("[0-9]+", id));

        try (OrderEvents events = OrderEvents.open(file)) {
            assertTrue(events.advance());
            assertEquals(Long.parseLong(id), events.event().orderId());
            assertEquals(
                    externalId,
                    new FlowOrder().begin(events.event(), round, 1, 0).externalId());
        }
    }

    @Test
    void shouldRefuseAHeaderThatLacksAColumn() throws IOException {
        Path file = write("orders.csv", "id,timestamp,price,action,direction\n");

        ConfigFault fault = assertThrows(ConfigFault.class, () -> OrderEvents.open(file));
        assertEquals(
                file + ":1: header: must name the column volume: \"id,timestamp,price,action,direction\"",
                fault.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNoFile() {
        Path file = folder.resolve("none.csv");

        ConfigFault fault = assertThrows(ConfigFault.class, () -> OrderEvents.open(file));
        assertEquals(file + ": file: must be a file: there is none", fault.getMessage());
    }

    @Test
    void shouldRefuseAPackedFileThatBreaksOff() throws IOException {
        Path whole = write("orders.csv.gz", HEADER + ROW.repeat(5_000));
        byte[] bytes = Files.readAllBytes(whole);
        Path half = folder.resolve("half.csv.gz");
        Files.write(half, java.util.Arrays.copyOf(bytes, bytes.length / 2));

        try (OrderEvents events = OrderEvents.open(half)) {
            ConfigFault fault = assertThrows(ConfigFault.class, () -> OrderTape.of(events));
            assertTrue(fault.getMessage().contains("must be readable to its end"), fault::getMessage);
        }
    }

    @Test
    void shouldPlayATapeAsOftenAsAsked() throws IOException {
        Path file = write("orders.csv", HEADER + ROW.repeat(20_000));
        OrderTape tape;
        try (OrderEvents events = OrderEvents.open(file)) {
            tape = OrderTape.of(events);
        }

        assertEquals(20_000, tape.count());
        assertEquals(20_000, tape.createdCount());
        for (int round = 0; round < 2; round++) {
            tape.rewind();
            int count = 0;
            while (tape.advance()) {
                count++;
                assertEquals(236_470_000L, tape.event().priceMicros());
            }
            assertEquals(20_000, count);
        }
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = packing(name, Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static OutputStream packing(String name, OutputStream out) throws IOException {
        if (name.endsWith(".gz")) {
            return new GZIPOutputStream(out);
        }
        return name.endsWith(".bz2") ? new BZip2CompressorOutputStream(out) : out;
    }
}
