package io.ringfence.engine.budget;

/** Tells which sums leave the range of i64: an expected "no", so nothing is thrown. */
final class Int64 {
    private Int64() {}

    static boolean sumOverflows(long left, long right) {
        long sum = left + right;
        return ((left ^ sum) & (right ^ sum)) < 0;
    }

    static boolean differenceOverflows(long left, long right) {
        return ((left ^ right) & (left ^ (left - right))) < 0;
    }
}
