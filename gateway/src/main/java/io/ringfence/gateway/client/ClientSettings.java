package io.ringfence.gateway.client;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a client finds its gateway, and as whom it speaks.
 *
 * @param aeronDirectory    of the gateway's media driver.
 * @param requestStreamId   on which the gateway listens.
 * @param principalId       of the gateway's configuration.
 * @param heartbeatInterval how often the client will be heard at least; at most half the gateway's time-out.
 * @param timeout           for connecting, in all.
 */
public record ClientSettings(
        Path aeronDirectory, int requestStreamId, int principalId, Duration heartbeatInterval, Duration timeout) {

    /** A heartbeat each second, five seconds to connect. */
    public static ClientSettings of(Path aeronDirectory, int requestStreamId, int principalId) {
        return new ClientSettings(
                aeronDirectory, requestStreamId, principalId, Duration.ofSeconds(1), Duration.ofSeconds(5));
    }
}
