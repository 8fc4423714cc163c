package io.ringfence.gateway.server;

import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.answers.RequestIds;

/**
 * What the gateway remembers of its clients' requests.
 *
 * @param answers     first answers, over the span that intake remembers requests.
 * @param facts       of answered decisions, for outcomes.
 * @param requestIds  highest request id of each principal; to begin with, as intake remembers them.
 * @param pastAnswers finds what {@code answers} does not keep.
 */
public record GatewayMemory(AnswerMemory answers, FactsIndex facts, RequestIds requestIds, PastAnswers pastAnswers) {}
