package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.PublishedGuardrails;
import io.ringfence.engine.selection.PublishedExploration;

/**
 * What stages tell other threads of their state. Any thread may read it; it may see an earlier value.
 *
 * @param guardrails  where learning is frozen, and which circuits are not closed.
 * @param exploration how much of its bounds each use case has used.
 */
public record Published(PublishedGuardrails guardrails, PublishedExploration exploration) {}
