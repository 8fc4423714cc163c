package io.ringfence.gateway.client;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a client finds its gateway, its principal and its times.
 *
 * @param aeronDirectory    of the gateway's media driver.
 * @param requestStreamId   on which the gateway listens.
 * @param principalId       of the gateway's configuration.
 * @param heartbeatInterval longest time between two messages of the client; at most half the gateway's session time-out.
 * @param timeout           for connecting, in total.
 */
public record ClientSettings(
        Path aeronDirectory, int requestStreamId, int principalId, Duration heartbeatInterval, Duration timeout) {

    /** Defaults: a heartbeat each second, 5 s to connect. */
    public static ClientSettings of(Path aeronDirectory, int requestStreamId, int principalId) {
        return new ClientSettings(
                aeronDirectory, requestStreamId, principalId, Duration.ofSeconds(1), Duration.ofSeconds(5));
    }
}
