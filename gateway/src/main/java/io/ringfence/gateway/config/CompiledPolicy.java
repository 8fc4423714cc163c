package io.ringfence.gateway.config;

import io.ringfence.engine.digest.Sha256;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.AdaptiveCodec;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogCodec;
import io.ringfence.engine.policy.ExplorationRule;
import io.ringfence.engine.policy.Policy;
import io.ringfence.schemas.PolicySection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A policy file as the engine takes it: four sections of bytes and their digests.
 *
 * <p>Immutable as long as nobody writes to the arrays it hands out; safe from any thread.
 */
public final class CompiledPolicy {
    private final Catalog catalog;
    private final Adaptive adaptive;
    private final Names names;
    private final Target target;
    private final byte[] catalogSection;
    private final byte[] adaptiveSection;
    private final byte[] namesSection;
    private final byte[] sourceSection;
    private final List<String> priceWarnings;
    private final List<String> explorationWarnings;

    CompiledPolicy(
            Catalog catalog,
            Adaptive adaptive,
            Names names,
            byte[] source,
            Target target,
            List<String> priceWarnings,
            List<String> explorationWarnings) {
        this.catalog = catalog;
        this.adaptive = adaptive;
        this.names = names;
        this.target = target;
        this.catalogSection = CatalogCodec.encode(catalog);
        this.adaptiveSection = AdaptiveCodec.encode(adaptive);
        this.namesSection = names.encode();
        this.sourceSection = source;
        this.priceWarnings = List.copyOf(priceWarnings);
        this.explorationWarnings = List.copyOf(explorationWarnings);
    }

    /**
     * Compiles a file.
     *
     * @throws ConfigFault for the first thing wrong in it: file, line, field, rule.
     */
    public static CompiledPolicy read(Path path) {
        return new PolicyReader(YamlFile.read(path)).read();
    }

    /** Epoch of the policy, 1 and above. */
    public long epoch() {
        return catalog.policyEpoch();
    }

    /** Limits and candidates. */
    public Catalog catalog() {
        return catalog;
    }

    /** Tiers and use cases. */
    public Adaptive adaptive() {
        return adaptive;
    }

    /** Names of the numbers. */
    public Names names() {
        return names;
    }

    /** Names of the use cases that explore in this way. */
    public List<String> useCasesOf(ExplorationRule.Method method) {
        return adaptive.useCases().stream()
                .filter(useCase -> useCase.exploration().method() == method)
                .map(useCase -> names.name(Names.NameKind.USE_CASE, useCase.code()))
                .toList();
    }

    /** Kind of requests that the candidates serve. */
    public Target target() {
        return target;
    }

    /** Digest {@code calypol1} of the catalog, 32 bytes. */
    public byte[] policyDigest() {
        return Policy.digestOf(catalog);
    }

    /** Does a policy decide as this one, under the same epoch? Names and text may differ. */
    public boolean is(Policy other) {
        return epoch() == other.epoch()
                && Arrays.equals(policyDigest(), other.digest())
                && Arrays.equals(adaptiveSection, AdaptiveCodec.encode(other.adaptive()));
    }

    /** SHA-256 of the adaptive section. */
    public byte[] adaptiveDigest() {
        return Sha256.of(adaptiveSection);
    }

    /** SHA-256 of the names section. */
    public byte[] namesDigest() {
        return Sha256.of(namesSection);
    }

    /** The bytes of a section. */
    public byte[] section(PolicySection section) {
        return switch (section) {
            case CATALOG -> catalogSection;
            case ADAPTIVE -> adaptiveSection;
            case NAMES -> namesSection;
            case SOURCE -> sourceSection;
            default -> throw new IllegalArgumentException("section must be one of the four: section=" + section);
        };
    }

    /** All sections in pieces, in the order in which they are sent; an empty section has one empty piece. */
    public List<PolicyPiece> pieces() {
        List<PolicyPiece> pieces = new ArrayList<>();
        for (PolicySection section :
                List.of(PolicySection.CATALOG, PolicySection.ADAPTIVE, PolicySection.NAMES, PolicySection.SOURCE)) {
            byte[] bytes = section(section);
            int count = Math.max(1, (bytes.length + PolicyPiece.LENGTH_MAX - 1) / PolicyPiece.LENGTH_MAX);
            for (int index = 0; index < count; index++) {
                int begin = index * PolicyPiece.LENGTH_MAX;
                int end = Math.min(bytes.length, begin + PolicyPiece.LENGTH_MAX);
                pieces.add(new PolicyPiece(section, index, count, Arrays.copyOfRange(bytes, begin, end)));
            }
        }
        return pieces;
    }

    /** Prices that can hardly be meant, one line each with file, line, field and price; empty if there are none. */
    public List<String> priceWarnings() {
        return priceWarnings;
    }

    /** Bounds of exploration that can hardly be meant, as the prices. */
    public List<String> explorationWarnings() {
        return explorationWarnings;
    }

    /** Warnings about what looks wrong and breaks no rule, one line each; empty if there are none. */
    public List<String> check() {
        return new PolicyCheck(this).warnings();
    }

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

    /** Kind of requests that the candidates of a policy serve; their prices tell it. */
    public enum Target {
        /** Orders: all charge fees. */
        ORDERS,
        /** Calls of models and the like: all have prices of units. */
        CALLS,
        /** Some of each. */
        BOTH
    }
}
