package io.ringfence.gateway.config;

import io.ringfence.schemas.PolicySection;

/**
 * One piece of a policy's bytes, small enough for one command.
 *
 * @param section it belongs to.
 * @param index   within its section, from 0.
 * @param count   how many the section has.
 * @param content 0 to {@link #LENGTH_MAX} bytes.
 */
public record PolicyPiece(PolicySection section, int index, int count, byte[] content) {
    /** Most bytes of a piece. */
    public static final int LENGTH_MAX = 32_768;
}
