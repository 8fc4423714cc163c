package io.ringfence.gateway.config;

/** What a policy's candidates act on, told by how they charge. */
public enum PolicyTarget {
    /** Orders: all charge fees. */
    ORDERS,
    /** Calls of models and the like: all have prices of units. */
    CALLS,
    /** Some of each. */
    BOTH
}
