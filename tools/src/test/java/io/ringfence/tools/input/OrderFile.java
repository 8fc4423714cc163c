package io.ringfence.tools.input;

import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.schemas.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes made orders as a file of order events. */
public final class OrderFile {
    private OrderFile() {}

    /** So many events of a seed. */
    public static Path write(Path file, long seed, int events) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("id,timestamp,exchange.timestamp,price,volume,action,direction");
        SyntheticOrders orders = new SyntheticOrders(seed);
        while (lines.size() <= events && orders.advance()) {
            OrderEvent event = orders.event();
            lines.add(event.orderId() + "," + event.timestampMs() + ",0," + DecimalMicros.text(event.priceMicros())
                    + "," + event.volume() + "," + event.kind().word() + ","
                    + (event.side() == Side.BUY ? "bid" : "ask"));
        }
        return Files.write(file, lines);
    }
}
