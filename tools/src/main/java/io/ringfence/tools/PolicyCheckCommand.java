package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compiles a policy file and says what is wrong with it, or looks wrong. */
@Command(
        name = "check",
        description = {
            "Compile a policy file. Exit 0: it is right; 1: it is right and something in it can hardly be meant;"
                    + " 2: it is wrong, in one line that names file, line, field and rule."
        },
        footer = "  ringfence policy check conf/policies/venues.yaml")
final class PolicyCheckCommand extends ToolCommand {
    @Parameters(paramLabel = "FILE", description = "A policy file.")
    private Path file;

    @Override
    public Integer call() {
        CompiledPolicy policy;
        try {
            policy = CompiledPolicy.read(file);
        } catch (ConfigFault fault) {
            if (isJson()) {
                out().println(JsonLine.text(JsonLine.object()
                        .put("file", file.toString())
                        .put("ok", false)
                        .put("fault", fault.getMessage())));
            }
            throw fault;
        }
        List<String> warnings = policy.check();
        if (isJson()) {
            printJson(policy, warnings);
        } else {
            print(policy, warnings);
        }
        return warnings.isEmpty() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    private void print(CompiledPolicy policy, List<String> warnings) {
        for (String warning : warnings) {
            out().println(file + ": warning: " + warning);
        }
        out().printf(
                        "%s: %s, epoch %s, %d candidates, %d use cases, %d tiers%n  policy digest %s%n",
                        file,
                        warnings.isEmpty() ? "ok" : "ok but for " + warnings.size() + " warnings",
                        Long.toUnsignedString(policy.epoch()),
                        policy.catalog().count(),
                        policy.adaptive().useCases().size(),
                        policy.adaptive().tierCount(),
                        HexFormat.of().formatHex(policy.policyDigest()));
    }

    private void printJson(CompiledPolicy policy, List<String> warnings) {
        ObjectNode object = JsonLine.object().put("file", file.toString()).put("ok", true);
        Fields.unsigned(object, "epoch", policy.epoch());
        object.put("candidates", policy.catalog().count())
                .put("use_cases", policy.adaptive().useCases().size())
                .put("tiers", policy.adaptive().tierCount())
                .put("policy_digest", HexFormat.of().formatHex(policy.policyDigest()))
                .put("adaptive_digest", HexFormat.of().formatHex(policy.adaptiveDigest()))
                .put("names_digest", HexFormat.of().formatHex(policy.namesDigest()));
        warnings.forEach(object.putArray("warnings")::add);
        object.putNull("fault");
        out().println(JsonLine.text(object));
    }
}
