package io.ringfence.gateway.server;

import io.ringfence.gateway.session.Principals;
import io.ringfence.gateway.session.SessionSettings;

/**
 * What a gateway's duty cycle is told by the configuration.
 *
 * @param sessions       what holds for every session.
 * @param principals     who may log on.
 * @param tickIntervalNs event time between ticks; 1 and above.
 */
public record GatewaySettings(SessionSettings sessions, Principals principals, long tickIntervalNs) {}
