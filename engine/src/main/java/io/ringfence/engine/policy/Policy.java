package io.ringfence.engine.policy;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.policy.Adaptive.TierPrior;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The policy of one epoch, as decisions look things up in it: the catalog, a use case by its code, the floors of the tiers.
 *
 * <p>Immutable; safe from any thread.
 */
public final class Policy {
    private static final byte[] DIGEST_TAG = "calypol1\0".getBytes(StandardCharsets.US_ASCII);

    private final long epoch;
    private final Catalog catalog;
    private final Adaptive adaptive;
    private final byte[] digest;
    private final byte[] tiers; // By index of the catalog.
    private final byte[] providers;
    private final UseCase[] useCases = new UseCase[Adaptive.USE_CASES_MAX]; // By code.
    private final int[] tierFloorsBps;

    private Policy(Catalog catalog, Adaptive adaptive, byte[] digest) {
        this.epoch = catalog.policyEpoch();
        this.catalog = catalog;
        this.adaptive = adaptive;
        this.digest = digest;
        tiers = new byte[catalog.count()];
        providers = new byte[catalog.count()];
        for (int index = 0; index < tiers.length; index++) {
            tiers[index] = (byte) adaptive.tierOf(catalog.candidate(index).qualityBps());
            providers[index] = (byte) catalog.candidate(index).providerId();
        }
        for (UseCase useCase : adaptive.useCases()) {
            useCases[useCase.code()] = useCase;
        }
        tierFloorsBps = IntStream.range(0, adaptive.tierCount())
                .map(adaptive::tierFloorBps)
                .toArray();
    }

    /**
     * Reads a policy from its sections. Bad bytes never throw.
     *
     * @param epoch         that was announced; the catalog must state the same.
     * @param catalogBytes  in the layout of {@link CatalogCodec}.
     * @param adaptiveBytes in the layout of {@link AdaptiveCodec}.
     * @return the policy, or null if a section breaks a rule or the epochs differ. The codecs tell which rule.
     */
    public static Policy decode(long epoch, byte[] catalogBytes, byte[] adaptiveBytes) {
        Checked<Catalog, CatalogFault> catalog = CatalogCodec.decode(catalogBytes, 0, catalogBytes.length);
        Checked<Adaptive, AdaptiveFault> adaptive =
                AdaptiveCodec.decode(new UnsafeBuffer(adaptiveBytes), 0, adaptiveBytes.length);
        if (!catalog.isValid() || !adaptive.isValid() || catalog.value().policyEpoch() != epoch) {
            return null;
        }
        return new Policy(catalog.value(), adaptive.value(), digestOfCatalog(catalogBytes));
    }

    /**
     * The policy digest, 32 bytes: SHA-256 over the tag {@code calypol1} and a catalog's canonical bytes.
     *
     * @param catalogBytes in the layout of {@link CatalogCodec}.
     */
    public static byte[] digestOfCatalog(byte[] catalogBytes) {
        MessageDigest sha256 = Sha256.newDigest();
        sha256.update(DIGEST_TAG);
        return sha256.digest(catalogBytes);
    }

    /** The policy digest of a catalog, 32 bytes. The order of its candidates does not change it. */
    public static byte[] digestOf(Catalog catalog) {
        return digestOfCatalog(CatalogCodec.encode(catalog));
    }

    /** Version number, u64 bits; grows with every policy. */
    public long epoch() {
        return epoch;
    }

    /** Limits and candidates. */
    public Catalog catalog() {
        return catalog;
    }

    /** Use cases and tiers as they were announced. */
    public Adaptive adaptive() {
        return adaptive;
    }

    /** The use case of a code; null if the policy does not define it or the code is outside 0 to 63. */
    public UseCase useCase(int code) {
        return Integer.compareUnsigned(code, useCases.length) < 0 ? useCases[code] : null;
    }

    /** Least quality of a tier; tier 0 is the cheapest. */
    public int tierFloorBps(int tier) {
        return tierFloorsBps[tier];
    }

    /** Tier of the candidate at an index of the catalog: the highest whose floor its quality reaches, else 0. */
    public int tierOfIndex(int index) {
        return tiers[index];
    }

    /** Provider of the candidate at an index of the catalog, 0 to 63. */
    public int providerOfIndex(int index) {
        return providers[index];
    }

    /** The policy digest, 32 bytes. Not a copy: callers must not change it. */
    public byte[] digest() {
        return digest;
    }

    /**
     * Defaults, floors, target and priors of one kind of request.
     *
     * @param code                0 to 63.
     * @param defaults            for fields that a request leaves null.
     * @param hardFloorBps        least quality in every case, 0 to 10,000.
     * @param recommendedFloorBps least quality when the client states none, 0 to 10,000.
     * @param targetSuccessBps    probability of success that a tier must reach, 0 to 10,000.
     * @param priors              one per tier, cheapest first.
     * @param exploration         how it chooses among candidates that are nearly as good as the best.
     * @param reward              how it tells a success from what an outcome says.
     * @param alarms              when learning is frozen because outcomes are not what they were.
     */
    public record UseCase(
            int code,
            Defaults defaults,
            int hardFloorBps,
            int recommendedFloorBps,
            int targetSuccessBps,
            List<TierPrior> priors,
            ExplorationRule exploration,
            RewardRule reward,
            AlarmRule alarms) {
        public UseCase {
            priors = List.copyOf(priors);
            exploration = exploration.equals(ExplorationRule.NONE) ? ExplorationRule.NONE : exploration;
        }

        /** May a candidate near the kernel's choice act? */
        public boolean explores() {
            return exploration != ExplorationRule.NONE;
        }

        /** A use case that follows the kernel, with neither reward nor alarms. */
        public UseCase(
                int code,
                Defaults defaults,
                int hardFloorBps,
                int recommendedFloorBps,
                int targetSuccessBps,
                List<TierPrior> priors) {
            this(
                    code,
                    defaults,
                    hardFloorBps,
                    recommendedFloorBps,
                    targetSuccessBps,
                    priors,
                    ExplorationRule.NONE,
                    RewardRule.NONE,
                    AlarmRule.NONE);
        }

        /** A copy that chooses in another way. */
        public UseCase with(ExplorationRule other) {
            return with(other, reward, alarms);
        }

        /** A copy that tells a success in another way. */
        public UseCase with(RewardRule other) {
            return with(exploration, other, alarms);
        }

        /** A copy with other alarms. */
        public UseCase with(AlarmRule other) {
            return with(exploration, reward, other);
        }

        private UseCase with(ExplorationRule ofExploration, RewardRule ofReward, AlarmRule ofAlarms) {
            return new UseCase(
                    code,
                    defaults,
                    hardFloorBps,
                    recommendedFloorBps,
                    targetSuccessBps,
                    priors,
                    ofExploration,
                    ofReward,
                    ofAlarms);
        }

        /**
         * The floor of a request that states none: the higher of this use case's and the chosen tier's, moved by the regime's step,
         * within 0 to 10,000.
         *
         * @param stepBps from the regime; negative lowers.
         */
        public int recommendedFloorBps(int tierFloorBps, int stepBps) {
            return Math.max(0, Math.min(Bps.ONE, Math.max(recommendedFloorBps, tierFloorBps) + stepBps));
        }

        /** The higher of the hard floor and the one asked for, which the client states or this use case recommends. */
        public int floorBps(int askedFloorBps) {
            return Math.max(hardFloorBps, askedFloorBps);
        }

        /** Is the hard floor above the one asked for? */
        public boolean raises(int askedFloorBps) {
            return hardFloorBps > askedFloorBps;
        }

        /**
         * Values for the fields that a request leaves null.
         *
         * @param businessValueMicros worth of a success; any i64 except the lowest, which is the null of SBE.
         * @param valueBpsOfNotional  value of an order as a part of its notional, u32; 0: orders take {@code businessValueMicros} too.
         * @param riskBps             0 to 10,000.
         * @param confidenceBps       0 to 10,000.
         * @param outputUnits         0 to 4,294,967,294.
         * @param maxP95LatencyMs     0 (no cap) to 4,294,967,294.
         */
        public record Defaults(
                long businessValueMicros,
                long valueBpsOfNotional,
                int riskBps,
                int confidenceBps,
                long outputUnits,
                long maxP95LatencyMs) {
            /**
             * Value of an order that names none: floor(notional x bps / 10,000), capped at the largest i64.
             *
             * @param notionalMicros 0 and above.
             */
            public long orderValueMicros(long notionalMicros) {
                if (valueBpsOfNotional == 0) {
                    return businessValueMicros;
                }
                // Split so that nothing leaves 64 bits: n = 10,000 w + r, hence floor(n b / 10,000) = w b + floor(r b /
                // 10,000).
                long whole = notionalMicros / Bps.ONE;
                long part = (notionalMicros % Bps.ONE) * valueBpsOfNotional / Bps.ONE;
                if (whole > (Long.MAX_VALUE - part) / valueBpsOfNotional) {
                    return Long.MAX_VALUE;
                }
                return whole * valueBpsOfNotional + part;
            }
        }
    }
}
