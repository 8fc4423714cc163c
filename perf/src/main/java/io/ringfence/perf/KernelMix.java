package io.ringfence.perf;

import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A catalog and the inputs to decide under it: the mixes that kernels are compared with. */
enum KernelMix {
    /** The usual benchmark: all candidates alike but for quality, latency and price, each a little more than the one before. */
    PEER(0) {
        @Override
        Candidate candidate(int index) {
            return new Candidate(
                    index + 1L,
                    index % 6,
                    3_000 + 300 * index,
                    9_500,
                    1,
                    100 + 50L * index,
                    0,
                    -1,
                    10 + 50L * index,
                    40 + 200L * index);
        }
    },
    /** Many candidates that pass every plain gate. */
    WIDE(0) {
        @Override
        Candidate candidate(int index) {
            return new Candidate(
                    index + 1L,
                    index % 6,
                    3_000 + 100 * (index % 70),
                    9_500,
                    1,
                    100 + 50L * (index % 64),
                    0,
                    -1,
                    10 + 50L * (index % 1_000),
                    40 + 200L * (index % 1_000));
        }
    },
    /** Candidates that stop at every gate, in no order that a branch predictor could learn. */
    GATED(2) {
        @Override
        Candidate candidate(int index) {
            long hash = (index + 1L) * 0x9E3779B97F4A7C15L;
            return new Candidate(
                    index + 1L,
                    (int) ((hash >>> 8) % 12),
                    (int) (3_000 + (hash >>> 16) % 7_000),
                    (int) (4_000 + (hash >>> 24) % 6_000),
                    (hash >>> 33) % 16 == 0 ? 0 : 1,
                    50 + (hash >>> 36) % 3_000,
                    (hash >>> 40) | 3,
                    (hash >>> 20) | 1,
                    10 + (hash >>> 12) % 50_000,
                    40 + (hash >>> 30) % 200_000);
        }

        @Override
        KernelInput input(long sequence, int count) {
            KernelInput input = super.input(sequence, count);
            long hash = (sequence + 1) * 0xD1342543DE82EF95L;
            input.maxP95LatencyMs(1_500 + (hash >>> 20) % 1_500);
            input.requiredCapabilities(hash < 0 ? 3 : 7);
            input.allowedProviderMask((hash >>> 10) | 15);
            input.requiredRegionMask(255);
            return input;
        }
    };

    private final long latencyPenaltyMicrosPerMs;

    KernelMix(long latencyPenaltyMicrosPerMs) {
        this.latencyPenaltyMicrosPerMs = latencyPenaltyMicrosPerMs;
    }

    abstract Candidate candidate(int index);

    Catalog catalog(int count) {
        Catalog.Head head = new Catalog.Head(1, 1, 9_600, 5_500, 3_500, latencyPenaltyMicrosPerMs);
        List<Candidate> candidates = IntStream.range(0, count)
                .mapToObj((IntFunction<Candidate>) this::candidate)
                .toList();
        return Catalog.trusted(head, candidates).value();
    }

    KernelInput input(long sequence, int count) {
        KernelInput input = new KernelInput();
        input.requestSequence(sequence);
        input.requestedCandidateId(1 + sequence % count);
        input.inputUnits(500 + sequence % 10_000);
        input.outputUnits(200 + sequence % 5_000);
        input.businessValueMicros(50_000);
        input.costLimitMicros(10_000_000);
        input.riskBps((int) (sequence % 8_000));
        input.confidenceBps((int) (6_000 + sequence % 4_000));
        input.minimumQualityBps((int) (3_000 + sequence % 5_000));
        input.allowedProviderMask(-1);
        return input;
    }
}
