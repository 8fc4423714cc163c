package io.ringfence.gateway.config;

import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.AdaptiveFault;
import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.engine.policy.CatalogFault;
import io.ringfence.engine.policy.Checked;
import io.ringfence.engine.policy.UseCase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Compiles a policy file, from the domain's words to what the engine decides under. */
final class PolicyReader {
    private static final int MULTIPLIER_MAX_BPS = 50_000;
    private static final long EPOCH_MAX = Long.MAX_VALUE;

    private final YamlFile file;
    private final YamlMapping root;
    private final Names.Builder names = Names.builder();

    PolicyReader(YamlFile file) {
        this.file = file;
        this.root = file.root();
    }

    CompiledPolicy read() {
        Catalog.Head head = head(root.value("policy").mapping());
        CandidateReader candidateReader = new CandidateReader(
                NumberedNames.read(NameKind.PROVIDER, root.value("providers").mapping(), names),
                NumberedNames.read(NameKind.CAPABILITY, root.mapping("capabilities"), names),
                NumberedNames.read(NameKind.REGION, root.mapping("regions"), names));
        int[] tierFloorsBps = tierFloorsBps(root.value("tiers"));
        List<UseCase> useCases = useCases(root.value("use_cases"), tierFloorsBps.length);
        YamlValue list = root.value("candidates");
        root.refuseUnknown();
        List<Candidate> candidates = new ArrayList<>();
        boolean hasVenues = false;
        boolean hasModels = false;
        for (YamlValue value : list.list()) {
            candidates.add(candidateReader.read(value, names));
            hasVenues |= CandidateReader.isVenue(value);
            hasModels |= !CandidateReader.isVenue(value);
        }
        Checked<Catalog, CatalogFault> catalog = Catalog.trusted(head, candidates);
        if (!catalog.isValid()) {
            throw list.fault(catalog.fault().orElseThrow().text());
        }
        Checked<Adaptive, AdaptiveFault> adaptive = Adaptive.of(tierFloorsBps, useCases);
        if (!adaptive.isValid()) {
            throw root.value("use_cases").fault(adaptive.fault().orElseThrow().text());
        }
        PolicyTarget target =
                hasVenues && hasModels ? PolicyTarget.BOTH : hasVenues ? PolicyTarget.ORDERS : PolicyTarget.CALLS;
        return new CompiledPolicy(catalog.value(), adaptive.value(), names.build(), file.source(), target);
    }

    private static Catalog.Head head(YamlMapping keys) {
        YamlValue epoch = keys.value("epoch");
        Catalog.Head head = new Catalog.Head(
                epoch.wholeNumber(1, EPOCH_MAX),
                keys.find("catalog_epoch").orElse(epoch).wholeNumber(1, EPOCH_MAX),
                keys.value("hard_risk_limit_bps").bps(),
                keys.value("minimum_confidence_bps").bps(),
                keys.value("risk_penalty_multiplier_bps").wholeInt(0, MULTIPLIER_MAX_BPS),
                keys.value("latency_penalty_micros_per_ms").unsigned());
        keys.refuseUnknown();
        return head;
    }

    private int[] tierFloorsBps(YamlValue list) {
        List<YamlValue> tiers = list.list();
        if (tiers.isEmpty() || tiers.size() > Adaptive.TIERS_MAX) {
            throw list.fault("must list 1 to " + Adaptive.TIERS_MAX + " tiers", Integer.toString(tiers.size()));
        }
        int[] floorsBps = new int[tiers.size()];
        for (int tier = 0; tier < floorsBps.length; tier++) {
            YamlMapping keys = tiers.get(tier).mapping();
            YamlValue name = keys.value("name");
            YamlValue floor = keys.value("floor_bps");
            floorsBps[tier] = floor.bps();
            keys.refuseUnknown();
            if (tier > 0 && floorsBps[tier] <= floorsBps[tier - 1]) {
                throw floor.fault("must be above the cheaper tier's, which is " + floorsBps[tier - 1], floor.shown());
            }
            if (!names.add(NameKind.TIER, tier, name.name())) {
                throw name.fault("must stand once among the tiers", name.shown());
            }
        }
        return floorsBps;
    }

    private List<UseCase> useCases(YamlValue section, int tierCount) {
        UseCaseReader reader = new UseCaseReader(tierCount);
        List<UseCase> useCases = new ArrayList<>();
        section.mapping().entries().forEach((name, value) -> useCases.add(reader.read(name, value, names)));
        if (useCases.isEmpty()) {
            throw section.fault("must name a use case: there is none");
        }
        useCases.sort(Comparator.comparingInt(UseCase::code));
        return useCases;
    }
}
