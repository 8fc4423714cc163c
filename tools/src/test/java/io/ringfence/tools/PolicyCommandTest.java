package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
