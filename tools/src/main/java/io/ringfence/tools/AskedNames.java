package io.ringfence.tools;

import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.AccountsFile.AccountEntry;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.config.Names;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.config.Nearest;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.ExitCode.EnvironmentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Turns names of accounts, candidates and use cases into numbers. The number of one that exists is taken too.
 *
 * @param policy   that names candidates and use cases.
 * @param accounts with their names.
 */
public record AskedNames(CompiledPolicy policy, AccountsFile accounts) {
    /** Asks for any candidate. */
    static final String ANY = "any";

    private static final int USE_CASES = 64;
    private static final Pattern ACCOUNT_ID = Pattern.compile("[1-9][0-9]*");

    /**
     * Id of an account.
     *
     * @throws BadInputException if no account has that name or id; the message gives the nearest name.
     */
    long accountId(String text) {
        return accounts.accounts().stream()
                .filter(account -> account.name().equals(text)
                        || Long.toString(account.id()).equals(text))
                .mapToLong(AccountEntry::id)
                .findFirst()
                .orElseThrow(() -> unknown("--account", "account", text, accounts.names()));
    }

    /** Names of the accounts by id, from the file that the engine of a directory started with; empty where that cannot be read. */
    public static Map<Long, String> accountNames(Path directory) {
        try {
            return readAccountNames(directory);
        } catch (IOException | ConfigFault unnamed) {
            return Map.of(); // Numbers stand without names.
        }
    }

    private static Map<Long, String> readAccountNames(Path directory) throws IOException {
        return RunFile.read(directory).map(run -> AccountsFile.read(run.accountsFile())).stream()
                .flatMap(file -> file.accounts().stream())
                .collect(Collectors.toMap(AccountEntry::id, AccountEntry::name));
    }

    /**
     * Id of an account of an engine that runs or ran. A number is taken as it is: the account may have been opened by a command.
     *
     * @param directory of the engine's journal.
     * @param source    option or argument that names it; begins the error line.
     * @throws BadInputException    if the accounts file has no such name.
     * @throws EnvironmentException if that file cannot be found.
     */
    public static long accountOf(Path directory, String source, String text) {
        if (ACCOUNT_ID.matcher(text).matches()) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException tooLong) {
                throw new BadInputException(source + ": must be a name, or a whole number from 1 to " + Long.MAX_VALUE
                        + ": \"" + text + '"');
            }
        }
        Map<Long, String> names;
        try {
            names = readAccountNames(directory);
        } catch (IOException unknown) {
            throw new EnvironmentException(source + ": names are not known: " + unknown.getMessage(), unknown);
        }
        if (names.isEmpty()) {
            throw new BadInputException(
                    source + ": must be an account's number, as no accounts file is known of the engine of " + directory
                            + ": \"" + text + '"');
        }
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(text))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseThrow(() -> unknown(source, "account", text, names.values()));
    }

    /** Does the policy have that candidate? */
    boolean hasCandidate(String text) {
        return text.equals(ANY)
                || names().id(NameKind.CANDIDATE, text).isPresent()
                || (isNumber(text) && policy.catalog().indexOf(Long.parseLong(text)) >= 0);
    }

    /**
     * Id of a candidate; 0 for {@link #ANY}.
     *
     * @throws BadInputException if no candidate of the policy has that name or id; the message gives the nearest name.
     */
    long candidateId(String text) {
        if (!hasCandidate(text)) {
            throw unknown("--candidate", "candidate of the policy", text, names().names(NameKind.CANDIDATE));
        }
        return text.equals(ANY) ? 0 : names().id(NameKind.CANDIDATE, text).orElseGet(() -> Long.parseLong(text));
    }

    /** Code of a use case, found as {@link #candidateId} finds candidates; the lowest of the policy if none is named. */
    int useCase(String text) {
        if (text == null) {
            return policy.adaptive().useCases().get(0).code();
        }
        List<Integer> codes = policy.adaptive().useCases().stream()
                .map(useCase -> useCase.code())
                .toList();
        if (isNumber(text) && Long.parseLong(text) < USE_CASES && codes.contains(Integer.parseInt(text))) {
            return Integer.parseInt(text);
        }
        return (int) names().id(NameKind.USE_CASE, text)
                .orElseThrow(
                        () -> unknown("--use-case", "use case of the policy", text, names().names(NameKind.USE_CASE)));
    }

    /**
     * Number of a tier.
     *
     * @throws BadInputException if no tier of the policy has that name or number; the message gives the nearest name.
     */
    int tier(String text) {
        if (isNumber(text) && Long.parseLong(text) < policy.adaptive().tierCount()) {
            return Integer.parseInt(text);
        }
        return (int) names().id(NameKind.TIER, text)
                .orElseThrow(() -> unknown("--tier", "tier of the policy", text, names().names(NameKind.TIER)));
    }

    /** Names of the policy. */
    Names names() {
        return policy.names();
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }

    private static BadInputException unknown(String option, String kind, String text, Collection<String> known) {
        return new BadInputException(
                option + ": must be a known " + kind + ", " + Nearest.hint(text, known) + ": \"" + text + '"');
    }
}
