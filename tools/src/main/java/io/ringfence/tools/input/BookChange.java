package io.ringfence.tools.input;

/**
 * What one event of the book changed against the one before it.
 *
 * @param timestampMs when.
 * @param fall        of the volume: what traded; 0 and above.
 * @param priceMicros after it.
 * @param volume      after it.
 * @param isReplace   the price is another one, or the volume rose.
 * @param isEnd       the order has left the book.
 */
record BookChange(long timestampMs, long fall, long priceMicros, long volume, boolean isReplace, boolean isEnd) {}
