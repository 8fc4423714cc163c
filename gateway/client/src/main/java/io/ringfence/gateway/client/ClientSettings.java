package io.ringfence.gateway.client;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a client finds its gateway, its principal and its times.
 *
 * @param gateway           where the gateway is.
 * @param principalId       of the gateway's configuration.
 * @param heartbeatInterval longest time between two messages of the client; at most half the gateway's session time-out.
 * @param timeout           for connecting, in total.
 */
public record ClientSettings(Place gateway, int principalId, Duration heartbeatInterval, Duration timeout) {
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Where a gateway is looked for. */
    public sealed interface Place {
        /** Always there: for a server whose configuration names its {@code aeron.directory}. */
        record Fixed(GatewayAddress address) implements Place {}

        /** The address that the server of this journal published. It is read at each connect and reconnect, because a restart may change it. */
        record OfJournal(Path directory) implements Place {}
    }

    /** At a place that does not change. */
    public ClientSettings(
            Path aeronDirectory, int requestStreamId, int principalId, Duration heartbeatInterval, Duration timeout) {
        this(
                new Place.Fixed(new GatewayAddress(aeronDirectory, requestStreamId)),
                principalId,
                heartbeatInterval,
                timeout);
    }

    /** At a place that does not change. Defaults: a heartbeat each second, 5 s to connect. */
    public static ClientSettings of(Path aeronDirectory, int requestStreamId, int principalId) {
        return new ClientSettings(aeronDirectory, requestStreamId, principalId, HEARTBEAT_INTERVAL, TIMEOUT);
    }

    /**
     * The server that serves a journal, also after it was restarted. Defaults: a heartbeat each second, 5 s to connect.
     *
     * @param directory of the journal, on this machine; this process must be able to read {@code run.properties} in it. It need not be
     *                  there yet.
     */
    public static ClientSettings ofJournal(Path directory, int principalId) {
        return new ClientSettings(new Place.OfJournal(directory), principalId, HEARTBEAT_INTERVAL, TIMEOUT);
    }

    /** The same with another time for connecting. */
    public ClientSettings withTimeout(Duration newTimeout) {
        return new ClientSettings(gateway, principalId, heartbeatInterval, newTimeout);
    }
}
