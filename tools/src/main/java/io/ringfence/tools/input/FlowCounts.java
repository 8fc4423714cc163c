package io.ringfence.tools.input;

/**
 * Counts of an order flow.
 *
 * @param events            of the book that were read.
 * @param asked             orders for which admission was asked.
 * @param refused           of them that were not admitted.
 * @param replacesAsked     changes of terms that were asked for.
 * @param replacesRefused   of them that were not admitted.
 * @param fills             executions that traded.
 * @param cancels           executions that released a rest.
 * @param waited            events that came before an answer and had to wait for it.
 * @param eventsOfRefused   events of orders that were not admitted.
 * @param orphans           events of orders that are not open: never created here, or gone.
 * @param unaskable         created orders without a volume or a price: nothing to ask for.
 * @param repeatedCreations of an id that had been created in this round.
 */
public record FlowCounts(
        long events,
        long asked,
        long refused,
        long replacesAsked,
        long replacesRefused,
        long fills,
        long cancels,
        long waited,
        long eventsOfRefused,
        long orphans,
        long unaskable,
        long repeatedCreations) {}
