package io.ringfence.tools;

import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.DecimalMicros;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import io.ringfence.tools.ExitCode.BadInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks one question by names, and prints the answer with its reasons. */
@Command(
        name = "ask",
        description = {
            "Ask whether one thing may be done: an order where --quantity and --price are given, else a call of --input-units.",
            "With --dir a running engine is asked, and what it admits stands there. Without, one is made for the question, with"
                    + " the first policy that ships and has the candidate, and forgotten. Any answer is exit 0, REJECT too: a"
                    + " script reads the action of --json."
        },
        footer = {
            "  ringfence ask --account desk-1 --candidate XNAS --quantity 100 --price 25.10",
            "  ringfence ask --account team-a --candidate gpt-4o --use-case support \\",
            "      --input-units 1200"
        })
final class AskCommand extends ToolCommand {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long UNITS_MAX = 0xFFFF_FFFEL;
    private static final long MS_NS = 1_000_000;
    private static final List<String> SHIPPED = List.of("policies/crypto.yaml", "policies/models.yaml");

    /** Direction, as it is said on a command line. */
    private enum SideWord {
        BUY,
        SELL
    }

    @Option(names = "--account", paramLabel = "A", required = true, description = "Whose budget: name or id.")
    private String account;

    @Option(names = "--candidate", paramLabel = "C", description = "What is asked for: name, id, or any (default).")
    private String candidate = AskedNames.ANY;

    @Option(names = "--use-case", paramLabel = "U", description = "Name or code (default: the policy's lowest code).")
    private String useCase;

    @Option(names = "--quantity", paramLabel = "Q", description = "Order: how much, at most 8 digits behind the point.")
    private String quantity;

    @Option(names = "--price", paramLabel = "P", description = "Order: limit price, at most 6 digits behind the point.")
    private String price;

    @Option(names = "--side", paramLabel = "S", description = "Order: buy (default) or sell.")
    private SideWord side = SideWord.BUY;

    @Option(names = "--input-units", paramLabel = "N", description = "Call: units in, e.g. tokens of the prompt.")
    @OptionRule.Within(least = 0, most = UNITS_MAX)
    private Long input;

    @Option(names = "--output-units", paramLabel = "N", description = "Call: units out (default: the use case's).")
    @OptionRule.Within(least = 0, most = UNITS_MAX)
    private Long output;

    @Option(names = "--no-substitute", description = "Take no other candidate than the one asked for.")
    private boolean isExact;

    @Option(names = "--dir", paramLabel = "D", description = "Directory of a running engine.")
    private Path directory;

    @Option(names = "--principal", paramLabel = "ID", description = "As whom to log on (default 4, tools).")
    @OptionRule.Mirrors("principals.id")
    private int principalId = RunningEngine.TOOLS_PRINCIPAL;

    @Mixin
    private SessionOption session;

    @Option(names = "--policy", paramLabel = "F", description = "Policy file of an engine made for the question.")
    @OptionRule.OfFile
    private Path policyFile;

    @Option(names = "--accounts", paramLabel = "F", description = "Accounts file of an engine made for the question.")
    @OptionRule.OfFile
    private Path accountsFile;

    @Override
    public Integer call() {
        requireOrderOrCall();
        if (directory == null) {
            return askOneMadeForIt();
        }
        if (policyFile != null || accountsFile != null) {
            throw new BadInputException(
                    "--dir: its engine has policy and accounts: --policy and --accounts must not be given");
        }
        RunFile engine = RunningEngine.find(directory);
        AskedNames names = new AskedNames(
                CompiledPolicy.read(engine.activePolicyFile()), AccountsFile.read(engine.accountsFile()));
        return ask(names, () -> session.connect(directory, ClientSettings.ofJournal(directory, principalId)));
    }

    private void requireOrderOrCall() {
        boolean isOrder = quantity != null || price != null;
        if (isOrder && (quantity == null || price == null)) {
            throw new BadInputException((quantity == null ? "--quantity" : "--price") + ": must be given for an order");
        }
        if (isOrder && (input != null || output != null)) {
            throw new BadInputException("--input-units and --output-units: must not be given for an order");
        }
        if (!isOrder && input == null) {
            throw new BadInputException("--input-units: must be given, or --quantity and --price for an order");
        }
        if (isOrder) {
            quantityUnits();
            priceMicros();
        }
    }

    private int askOneMadeForIt() {
        ServerConfig shipped = ServerConfig.read(Installation.conf("ringfence.yaml"));
        Path accounts = accountsFile == null ? Installation.conf("accounts.yaml") : accountsFile;
        Path policy = policyFile == null ? shippedPolicy(shipped) : policyFile;
        AskedNames names = new AskedNames(CompiledPolicy.read(policy), AccountsFile.read(accounts));
        names.accountId(account);
        names.candidateId(candidate);
        names.useCase(useCase);
        StopSignal.listen();
        try (ScratchDirectory scratch = ScratchDirectory.make("ringfence-ask");
                Ringfence engine = Ringfence.start(
                        shipped.with(
                                scratch.path(),
                                Optional.empty(),
                                Durability.MEMORY,
                                Optional.of(PipelineMode.COMPACT),
                                policy,
                                accounts),
                        false,
                        StopSignal::isAsked)) {
            ClientSettings settings =
                    ClientSettings.of(Path.of(engine.aeronDirectory()), shipped.requestStreamId(), principalId);
            return Faults.orEnd(() -> ask(names, () -> RunningEngine.connect(settings)));
        }
    }

    /** The first that has the candidate; the configured one if none has. */
    private Path shippedPolicy(ServerConfig shipped) {
        AccountsFile none = null;
        return Stream.concat(Stream.of(shipped.policyFile()), SHIPPED.stream().map(Installation::conf))
                .filter(file -> new AskedNames(CompiledPolicy.read(file), none).hasCandidate(candidate))
                .findFirst()
                .orElse(shipped.policyFile());
    }

    private int ask(AskedNames names, Supplier<RingfenceClient> connect) {
        return RunningEngine.inSession(connect, client -> {
            write(client, names);
            AnswerReport report = new AnswerReport(client.ask(TIMEOUT), names, candidate);
            report.requireDecision();
            if (isJson()) {
                out().println(Json.text(report.json()));
            } else {
                report.print(new Page(out()));
            }
            return ExitCode.DONE;
        });
    }

    private void write(RingfenceClient client, AskedNames names) {
        Substitution substitution = isExact ? Substitution.NEVER : Substitution.ALLOWED;
        long nowNs = System.currentTimeMillis() * MS_NS;
        if (input != null) {
            AdmissionRequestEncoder request = client.admission()
                    .accountId(accountId(names))
                    .useCase((short) names.useCase(useCase))
                    .requestedCandidateId(names.candidateId(candidate))
                    .substitution(substitution)
                    .inputUnits(input)
                    .clientTimestampNs(nowNs);
            if (output != null) {
                request.outputUnits(output);
            }
            return;
        }
        client.order()
                .accountId(accountId(names))
                .useCase((short) names.useCase(useCase))
                .requestedCandidateId(names.candidateId(candidate))
                .substitution(substitution)
                .side(side == SideWord.BUY ? Side.BUY : Side.SELL)
                .orderType(OrderType.LIMIT)
                .timeInForce(TimeInForce.DAY)
                .quantity(quantityUnits())
                .limitPriceMicros(priceMicros())
                .clientTimestampNs(nowNs);
    }

    /** A running engine may have accounts that were opened by a command, which no file names. */
    private long accountId(AskedNames names) {
        return directory == null ? names.accountId(account) : AskedNames.accountOf(directory, "--account", account);
    }

    private long quantityUnits() {
        return QuantityText.above0("--quantity", quantity);
    }

    private long priceMicros() {
        try {
            long micros = DecimalMicros.parse(price);
            if (micros <= 0) {
                throw new BadInputException("--price: must be above 0: \"" + price + '"');
            }
            return micros;
        } catch (NumberFormatException wrong) {
            throw new BadInputException("--price: " + wrong.getMessage() + ": \"" + price + '"');
        }
    }
}
