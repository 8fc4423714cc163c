package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCommandTest {
    private static final Path POLICIES = Path.of(System.getProperty("ringfence.root"), "conf", "policies");

    @TempDir
    Path folder;

    @Test
    void shouldFindTheShippedPoliciesRight() throws IOException {
        for (String name : new String[] {"venues.yaml", "crypto.yaml", "models.yaml", "admit-all.yaml"}) {
            Shell shell = new Shell(
                    "policy", "check", "--json", POLICIES.resolve(name).toString());

            JsonNode object = new ObjectMapper().readTree(shell.out());
            assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
            assertTrue(object.get("ok").booleanValue());
            assertEquals(64, object.get("policy_digest").textValue().length());
            assertEquals(0, object.get("warnings").size());
            assertEquals(0, object.get("price_warnings").size());
            assertEquals("", shell.err());
        }
    }

    @Test
    void shouldNameFileLineFieldAndRuleOfAWrongPolicy() throws IOException {
        String text = Files.readString(POLICIES.resolve("models.yaml")).replace("provider: xai", "provider: xia");
        Path file = Files.writeString(folder.resolve("wrong.yaml"), text);

        Shell plain = new Shell("policy", "check", file.toString());
        Shell json = new Shell("policy", "check", "--json", file.toString());

        assertEquals(ExitCode.BAD_INPUT, plain.exitCode());
        assertEquals("", plain.out());
        assertTrue(
                plain.err()
                        .matches(file + ":[0-9]+: candidates\\[17\\]\\.provider: must be a known provider, nearest"
                                + " known is xai: \"xia\"\\R"),
                plain::err);
        assertEquals(ExitCode.BAD_INPUT, json.exitCode());
        assertEquals(
                plain.err().strip(),
                new ObjectMapper().readTree(json.out()).get("fault").textValue());
    }

    @Test
    void shouldExitOtherwiseForAWarning() throws IOException {
        String text = Files.readString(POLICIES.resolve("models.yaml")).replace("value: 0.05", "value: 0");
        Path file = Files.writeString(folder.resolve("worthless.yaml"), text);

        Shell shell = new Shell("policy", "check", file.toString());

        assertEquals(ExitCode.CHECK_FAILED, shell.exitCode());
        assertTrue(shell.out().contains("warning: use_cases.support: its defaults let no candidate"), shell::out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models|input_per_million: 1.25, output_per_million: 10}   # gpt-5"
                        + "|input_per_million: 0, output_per_million: 10}"
                        + "|candidates[0].price.input_per_million: warning: is 0, where others are above 0: is it free?: 0",
                "models|input_per_million: 1.25, output_per_million: 10}   # gpt-5"
                        + "|input_per_million: 1.25, output_per_million: 9000}"
                        + "|candidates[0].price.output_per_million: warning: is 1000 times the median of its kind, 2, or more:"
                        + " is it meant?: 9000",
                "models|input_per_million: 1.25, output_per_million: 10}   # gpt-5"
                        + "|input_per_million: 0.000002, output_per_million: 10}"
                        + "|candidates[0].price.input_per_million: warning: is below 0.001 for a million units: is it the price of"
                        + " one unit?: 0.000002",
                "venues|bps_of_notional: 0.30, per_order: 0.10|per_order: 0"
                        + "|candidates[0].fee.per_order: warning: is 0, where others are above 0: is it free?: 0",
                "venues|bps_of_notional: 0.30, per_order: 0.10|bps_of_notional: 300"
                        + "|candidates[0].fee.bps_of_notional: warning: is 1000 times the median of its kind, 0.22, or more:"
                        + " is it meant?: 300"
            })
    void shouldWarnOfPricesThatCanHardlyBeMeant(String policy, String price, String by, String expected)
            throws IOException {
        String text = Files.readString(POLICIES.resolve(policy + ".yaml"));
        Path file = Files.writeString(folder.resolve("prices.yaml"), text.replace(price, by));
        assertNotEquals(text, Files.readString(file));

        Shell plain = new Shell("policy", "check", file.toString());
        Shell json = new Shell("policy", "check", "--json", file.toString());

        assertEquals(ExitCode.DONE, plain.exitCode(), plain::err);
        assertTrue(plain.err().startsWith(file + ":"), plain::err);
        assertTrue(plain.err().endsWith(": " + expected + "\n"), plain::err);
        assertEquals(1, plain.err().lines().count());
        assertEquals(ExitCode.DONE, json.exitCode());
        assertEquals("", json.err());
        JsonNode warnings = new ObjectMapper().readTree(json.out()).get("price_warnings");
        assertEquals(plain.err().strip(), warnings.get(0).textValue());
        assertEquals(1, warnings.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "per_order: 0.10|per_order: 0", // The rate is charged.
                "bps_of_notional: 0.30|bps_of_notional: -0.30", // A rebate.
                "bps_of_notional: 0.30|bps_of_notional: 200"
            })
    void shouldNotWarnOfPricesThatCanBeMeant(String price, String by) throws IOException {
        String text = Files.readString(POLICIES.resolve("venues.yaml")).replace(price, by);
        Path file = Files.writeString(folder.resolve("prices.yaml"), text);

        assertEquals("", new Shell("policy", "check", file.toString()).err());
    }

    @Test
    void shouldShowNamesBesideNumbers() throws IOException {
        String file = POLICIES.resolve("venues.yaml").toString();

        Shell plain = new Shell("policy", "show", file);
        Shell json = new Shell("policy", "show", "--json", file);

        assertTrue(plain.out().contains("XNAS"), plain::out);
        assertTrue(plain.out().contains("equities_block"), plain::out);
        JsonNode first =
                new ObjectMapper().readTree(json.out()).get("candidates").get(0);
        assertEquals("XNAS", first.get("name").textValue());
        assertEquals(30_000_000, first.get("input_price_micros_per_million").longValue());
        assertEquals(
                100_000_000_000L, first.get("output_price_micros_per_million").longValue());
    }
}
