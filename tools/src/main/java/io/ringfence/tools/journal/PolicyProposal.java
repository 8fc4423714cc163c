package io.ringfence.tools.journal;

import io.ringfence.engine.policy.Candidate;
import io.ringfence.engine.policy.Catalog;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.config.YamlFile;
import io.ringfence.gateway.config.YamlMapping;
import io.ringfence.gateway.config.YamlValue;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import io.ringfence.tools.ScratchDirectory;
import io.ringfence.tools.evaluation.GradeSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A policy file that differs from the policy in force by measured qualities and later epochs alone. It is for a person to review, approve and
 * activate; nothing is put into force.
 *
 * <p>The text in force is kept but for those numbers; comments at its head say what changed. It is written only if it compiles to just that, and
 * {@code policy check} warns of nothing that it did not warn of before.
 */
final class PolicyProposal {
    private static final String NAME = "proposal.yaml";

    private final PolicyHistory history;
    private final List<Change> changes;

    /** One candidate's quality. */
    record Change(Candidate candidate, GradeSummary grades) {
        int fromBps() {
            return candidate.qualityBps();
        }

        int toBps() {
            return (int) Math.round(grades.mean());
        }

        /** Is the policy's quality outside of the 95 % interval of the mean, and another number? */
        boolean isNeeded() {
            return Math.abs(grades.mean() - fromBps()) > grades.margin() && toBps() != fromBps();
        }
    }

    /** Why the file was not written, in one line. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String line) {
            super(line);
        }
    }

    /**
     * @param history whose policy in force it is about.
     * @param grades  of candidates that have 200 grades or more, by id.
     */
    PolicyProposal(PolicyHistory history, Map<Long, GradeSummary> grades) {
        this.history = history;
        this.changes = new ArrayList<>();
        Catalog catalog = history.policy().catalog();
        new TreeMap<>(grades).forEach((id, summary) -> {
            int index = catalog.indexOf(id);
            if (index != Catalog.NO_INDEX) {
                changes.add(new Change(catalog.candidate(index), summary));
            }
        });
        changes.removeIf(change -> !change.isNeeded());
    }

    /** Refuses a path at which something is: a proposal replaces no file. */
    static void requireFree(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new BadInputException("--propose: must name a file that is not there yet: " + file);
        }
    }

    /** What it changes, ascending by candidate. */
    List<Change> changes() {
        return changes;
    }

    /** The epoch that it has. */
    long epoch() {
        return history.policy().epoch() + 1;
    }

    /** A change in words: candidate, both qualities, why, and the tiers where it moves. */
    String text(Change change) {
        return String.format(
                Locale.ROOT,
                "candidate %s (id %d): quality_bps %d -> %d: mean of %,d grades, 95 %% interval %.0f to %.0f; %s",
                history.name(NameKind.CANDIDATE, change.candidate().id()).replaceAll("\\p{Cntrl}", " "),
                change.candidate().id(),
                change.fromBps(),
                change.toBps(),
                change.grades().count(),
                change.grades().mean() - change.grades().margin(),
                change.grades().mean() + change.grades().margin(),
                tiers(change));
    }

    private String tiers(Change change) {
        String from = tier(change.fromBps());
        String to = tier(change.toBps());
        return from.equals(to) ? "tier " + from : "tier " + from + " -> " + to;
    }

    private String tier(int qualityBps) {
        int tier = history.policy().adaptive().tierOf(qualityBps);
        return history.name(NameKind.TIER, tier).replaceAll("\\p{Cntrl}", " ");
    }

    /**
     * Writes it, whole or not at all.
     *
     * @param file     where nothing is yet.
     * @param sequence of the journal's last record, for the comments.
     * @throws RefusedException     if the text in force does not let its numbers be changed, or the changed policy can never serve something
     *                              that the policy in force can.
     * @throws EnvironmentException if it cannot be written.
     */
    void write(Path file, long sequence) throws RefusedException {
        try (ScratchDirectory scratch =
                ScratchDirectory.in(Path.of(System.getProperty("java.io.tmpdir")), "--propose")) {
            Path text = Files.write(scratch.path().resolve("in-force.yaml"), history.source());
            CompiledPolicy inForce = CompiledPolicy.read(text);
            if (!history.isOf(inForce)) {
                throw new RefusedException("the text that the journal has is not that of the policy in force");
            }
            Path proposal = Files.writeString(scratch.path().resolve(NAME), comments(sequence) + changed(text));
            CompiledPolicy proposed = CompiledPolicy.read(proposal);
            requireJustThat(inForce, proposed);
            List<String> warnings = new ArrayList<>(proposed.check());
            warnings.removeAll(inForce.check());
            if (!warnings.isEmpty()) {
                throw new RefusedException("policy check would warn: " + String.join("; ", warnings));
            }
            Files.copy(proposal, file);
        } catch (ConfigFault broken) {
            throw new RefusedException("the changed text is no policy: " + broken.getMessage());
        } catch (IOException cannot) {
            throw new EnvironmentException(file + ": cannot be written: " + cannot.getMessage(), cannot);
        }
    }

    private String comments(long sequence) {
        StringBuilder comments = new StringBuilder(String.format(
                Locale.ROOT,
                "# Proposed by ringfence calibrate, from the graded outcomes of a journal up to its record %d. It is not in force:%n"
                        + "# review it, then ringfence policy activate FILE --why TEXT. It changes:%n"
                        + "#   epoch %s -> %s%n",
                sequence,
                Long.toUnsignedString(history.policy().epoch()),
                Long.toUnsignedString(epoch())));
        changes.forEach(change -> comments.append("#   ").append(text(change)).append(System.lineSeparator()));
        return comments.toString();
    }

    private String changed(Path text) throws IOException, RefusedException {
        YamlMapping root = YamlFile.read(text).root();
        String[] lines = Files.readString(text, StandardCharsets.UTF_8).split("\n", -1);
        YamlMapping policy = root.mapping("policy");
        change(lines, policy.value("epoch"), "epoch", epoch());
        if (policy.find("catalog_epoch").isPresent()) {
            change(
                    lines,
                    policy.value("catalog_epoch"),
                    "catalog_epoch",
                    history.policy().catalog().catalogEpoch() + 1);
        }
        for (YamlValue value : root.list("candidates")) {
            YamlMapping candidate = value.mapping();
            long id = candidate.value("id").wholeNumber(0, Integer.MAX_VALUE * 2L + 1);
            for (Change change : changes) {
                if (change.candidate().id() == id) {
                    change(lines, candidate.value("quality_bps"), "quality_bps", change.toBps());
                }
            }
        }
        return String.join("\n", lines);
    }

    /** Puts another number where a line has just this key with its number. */
    private static void change(String[] lines, YamlValue value, String key, long number) throws RefusedException {
        int line = value.fault("is changed").line();
        Matcher place = Pattern.compile(
                        "(?<![\\w-])(" + key + "[\"']?\\s*:\\s*[\"']?)" + Pattern.quote(value.text()) + "(?!\\w)")
                .matcher(lines[line - 1]);
        if (!place.find()) {
            throw new RefusedException("line " + line + " of the text in force cannot be changed: " + key
                    + " and its number must stand on one line");
        }
        String before = lines[line - 1].substring(0, place.end(1));
        String behind = lines[line - 1].substring(place.end());
        if (place.find()) {
            throw new RefusedException(
                    "line " + line + " of the text in force cannot be changed: " + key + " must stand once on it");
        }
        lines[line - 1] = before + Long.toUnsignedString(number) + behind;
    }

    /** The proposal is the policy in force but for what it says: also when the text is read in a way that the line does not show. */
    private void requireJustThat(CompiledPolicy inForce, CompiledPolicy proposed) throws RefusedException {
        Catalog before = inForce.catalog();
        Catalog after = proposed.catalog();
        boolean isSame = proposed.epoch() == epoch()
                && before.head().hardRiskLimitBps() == after.head().hardRiskLimitBps()
                && before.head().minimumConfidenceBps() == after.head().minimumConfidenceBps()
                && before.head().riskPenaltyMultiplierBps() == after.head().riskPenaltyMultiplierBps()
                && before.head().latencyPenaltyMicrosPerMs() == after.head().latencyPenaltyMicrosPerMs()
                && Arrays.equals(inForce.adaptiveDigest(), proposed.adaptiveDigest())
                && Arrays.equals(inForce.namesDigest(), proposed.namesDigest())
                && before.count() == after.count();
        for (int index = 0; isSame && index < before.count(); index++) {
            isSame = expected(before.candidate(index)).equals(after.candidate(index));
        }
        if (!isSame) {
            throw new RefusedException("the text in force cannot be changed: more than the qualities would change");
        }
    }

    private Candidate expected(Candidate of) {
        int qualityBps = changes.stream()
                .filter(change -> change.candidate().id() == of.id())
                .mapToInt(Change::toBps)
                .findFirst()
                .orElse(of.qualityBps());
        return new Candidate(
                of.id(),
                of.providerId(),
                qualityBps,
                of.riskCeilingBps(),
                of.enabled(),
                of.p95LatencyMs(),
                of.capabilities(),
                of.regionMask(),
                of.inputPriceMicrosPerM(),
                of.outputPriceMicrosPerM());
    }
}
