package io.ringfence.tools.conformance;

/**
 * What running one vector file showed.
 *
 * @param file         as it was named by the caller.
 * @param kind         of the vectors: {@code kernel}, {@code ledger} ...
 * @param cases        lines that were checked, failed ones included.
 * @param failed       cases with at least one difference.
 * @param firstFailure which case differed first and how: expected and actual; null when none failed.
 */
public record VectorReport(String file, String kind, long cases, long failed, String firstFailure) {}
