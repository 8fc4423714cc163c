package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts a policy into force in a running engine. */
@Command(
        name = "activate",
        description = {
            "Compile a policy file as serve does, send it to a running engine, and put it into force: every request that is"
                    + " taken behind it is decided by it. Its epoch must be above that of the policy in force.",
            "The engine's next start reads the configured file again: let that be this policy, or the start refuses it.",
            "The command, its sender and its reason are journaled, and so is the policy. Exit 0: in force; 2: refused, and the"
                    + " policy in force stays."
        },
        footer = "  ringfence policy activate conf/policies/venues.yaml --why \"new fees of XNAS\"")
final class ActivatesPolicy extends JustifiedCommand {
    @Parameters(paramLabel = "FILE", description = "A policy file.")
    @OptionRule.OfFile
    private Path file;

    @Mixin
    private ChangesAccount.PersonOption person;

    @Override
    public Integer call() {
        CompiledPolicy policy = CompiledPolicy.read(file);
        String why = why();
        RunFile run = RunningEngine.find(directory());
        Answer answer = inSession(person.id(), client -> activate(client, policy, why));
        report(policy, answer);
        warn(run, policy);
        return ExitCode.DONE;
    }

    private Answer activate(RingfenceClient client, CompiledPolicy policy, String why) {
        PolicySender sender = new PolicySender(client, policy);
        requireTaken(sender.send(), policy);
        Answer answer = sender.activate(why);
        requireTaken(answer.reason(), policy);
        return answer;
    }

    private void requireTaken(ReasonCode reason, CompiledPolicy policy) {
        String epoch = Long.toUnsignedString(policy.epoch());
        switch (reason) {
            case APPLIED -> {}
            case NOT_ALLOWED, ROLE_NOT_PERMITTED ->
                throw new BadInputException("--principal: must have the role risk or operator: " + person.id());
            case ACCOUNT_NOT_PERMITTED ->
                throw new BadInputException("--principal: must have the right to act on all accounts: " + person.id());
            case EPOCH_NOT_NEWER ->
                throw new BadInputException(
                        file + ": policy.epoch: must be above that of the policy in force, see status: found " + epoch);
            case FIELD_OUT_OF_RANGE ->
                throw new BadInputException(file + ": policy.epoch: must be at most "
                        + (PolicyAssembly.highestAfter(1) - 1)
                        + " above that of the policy in force, so that it does not use up the epochs that are left:"
                        + " found " + epoch);
            case BOUND_REACHED ->
                throw new BadInputException(
                        file + ": policy: must be, with its names and its text, at most deciding.policy_size_max long");
            case POLICY_INCOMPLETE ->
                throw new EnvironmentException(
                        "another policy was sent or put into force meanwhile: look at status, and give the command again");
            default -> {
                String line = reason + ": " + ReasonText.of(reason);
                if (ReasonText.isOfEnvironment(reason)) {
                    throw new EnvironmentException(line);
                }
                throw new BadInputException(file + ": " + line);
            }
        }
    }

    private void report(CompiledPolicy policy, Answer answer) {
        if (isJson()) {
            ObjectNode object = Json.object()
                    .put("action", answer.decision().action().name())
                    .put("reason", answer.reason().name());
            Json.unsigned(object, "epoch", policy.epoch());
            object.put("policy_digest", HexFormat.of().formatHex(policy.policyDigest()))
                    .put("adaptive_digest", HexFormat.of().formatHex(policy.adaptiveDigest()));
            Json.unsigned(object, "sequence", answer.decision().sequence());
            out().println(Json.text(object));
        } else {
            Page page = new Page(out());
            page.line(
                    "policy of epoch %s is in force since sequence %d",
                    Long.toUnsignedString(policy.epoch()), answer.decision().sequence());
            page.line("%s", PolicyCommand.digests(policy));
        }
    }

    /** One line while the file that the next start reads is another policy. */
    private void warn(RunFile run, CompiledPolicy policy) {
        boolean isConfigured;
        try {
            CompiledPolicy configured = CompiledPolicy.read(run.policyFile());
            isConfigured = configured.epoch() == policy.epoch()
                    && Arrays.equals(configured.policyDigest(), policy.policyDigest())
                    && Arrays.equals(configured.adaptiveDigest(), policy.adaptiveDigest());
        } catch (ConfigFault unreadable) {
            isConfigured = false;
        }
        if (!isConfigured) {
            err().println("the engine's configured file is another policy, and its next start refuses that: copy "
                    + file + " to " + run.policyFile());
        }
    }
}
