package io.ringfence.tools.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.RecordLog;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.record.RecordView;
import io.ringfence.journal.store.RollFiles;
import io.ringfence.limit.Deadline;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderRequestEncoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSectionsDecoder;
import io.ringfence.schemas.Substitution;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalCommandsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long ONE = WrittenJournal.ONE;

    @TempDir
    Path directory;

    private long executed;
    private long substituted;
    private long exhausted;
    private long notEligible;
    private long repeated;
    private long filled;
    private long reported;
    private long last;

    @Test
    void shouldShowEveryRecordAsOneObjectALine() throws IOException {
        write();

        Shell shell = inspect("--json");

        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        List<JsonNode> records = objects(shell);
        assertEquals(last, records.size());
        for (int i = 0; i < records.size(); i++) {
            JsonNode record = records.get(i);
            assertEquals(i + 1, record.path("sequence").asLong());
            assertEquals(
                    WrittenJournal.START_NS + i + 1, record.path("timestamp_ns").asLong());
            assertTrue(record.path("entry_hash").asText().matches("[0-9a-f]{64}"));
            assertTrue(record.get("difference").isNull());
        }
        assertEquals("SETTINGS", records.get(0).path("kind").asText());
        assertEquals("7", records.get(0).path("settings").path("seed").asText());
    }

    /** A stranger has the records and the protocol page alone. */
    @Test
    void shouldGiveActionAndReasonByTheRuleOfTheProtocol() throws IOException {
        write();
        List<JsonNode> shown = objects(inspect("--json"));
        Set<String> seen = new TreeSet<>();

        try (JournalReader reader = JournalReader.open(directory)) {
            while (reader.next()) {
                RecordView record = reader.record();
                JsonNode expected = shown.get((int) record.sequence() - 1);
                String derived = new RuleOfTheProtocol(record).actionAndReason();
                assertEquals(
                        expected.path("action").asText()
                                + ' '
                                + expected.path("reason").asText(),
                        derived,
                        "sequence " + record.sequence() + ' ' + record.kind());
                seen.add(derived);
            }
        }

        assertTrue(seen.size() > 5, seen::toString);
    }

    @Test
    void shouldListTheKindsOfRecordsWithTheirTemplatesOnTheProtocolPage() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("ringfence.root"), "docs", "PROTOCOL.md"));
        for (CommandType type : CommandType.values()) {
            String begin = "\n| " + type.kind().value() + " `" + type.kind() + "` | " + type.templateId() + " `";
            assertTrue(page.contains(begin), begin);
        }
    }

    @Test
    void shouldTellAnAdmittedOrderWithItsNames() throws IOException {
        write();

        JsonNode record = single(substituted);

        assertEquals("ORDER", record.path("kind").asText());
        assertEquals("desk-1", record.path("account").asText());
        assertEquals("A-2", record.path("external_id").asText());
        assertEquals(4, record.path("order").path("strategy_id").asInt());
        assertTrue(record.path("order").path("short_sale").isNull());
        assertEquals("equities", record.path("use_case").asText());
        assertEquals("SUBSTITUTE", record.path("action").asText());
        assertEquals("BETTER_CANDIDATE", record.path("reason").asText());
        assertEquals("IEXG", record.path("candidate").asText());
        assertEquals(
                record.path("kernel").path("selected").asText(),
                record.path("acted_candidate").asText());
        assertFalse(record.path("acted_candidate").asText().matches("[0-9]*|IEXG"));
        assertEquals(substituted, record.path("hold_id").asLong());
        assertTrue(record.path("kernel").path("utility_micros").asLong() > 0);
        assertTrue(record.path("kernel").path("cost_micros").asLong() > 0);
        assertEquals(8, record.path("kernel").path("evaluated").asInt());
        assertTrue(record.path("held_micros").asLong() > 251_000_000);
        assertTrue(record.path("decision_digest").asText().matches("[0-9a-f]{64}"));
        assertEquals(10 * ONE, record.path("order").path("quantity").asLong());
        assertTrue(record.get("duplicate_of").isNull());
        JsonNode effective = record.path("effective");
        assertTrue(effective.get("cost_limit_micros").isNull()); // No limit, and any provider: all ones on the wire.
        assertTrue(effective.get("allowed_provider_mask").isNull());
        assertEquals(0, effective.path("required_capabilities").asLong(-1));
    }

    @Test
    void shouldTellWhyAnOrderWasRejected() throws IOException {
        write();

        JsonNode outOfBudget = single(exhausted);
        JsonNode insisted = single(notEligible);

        assertEquals("REJECT", outOfBudget.path("action").asText());
        assertEquals("BUDGET_EXHAUSTED", outOfBudget.path("reason").asText());
        assertEquals(
                "The account has less available than this would hold.",
                outOfBudget.path("why").asText());
        assertEquals(
                "BUDGET_EXHAUSTED",
                outOfBudget.path("failed_control").path("control").asText());
        assertEquals(
                outOfBudget.path("remaining_micros").asLong(),
                outOfBudget.path("failed_control").path("headroom_micros").asLong());
        assertTrue(outOfBudget.get("acted_candidate").isNull());
        assertTrue(outOfBudget.get("hold_id").isNull());
        assertEquals("REQUESTED_NOT_ELIGIBLE", insisted.path("reason").asText());
        assertEquals("UNKNOWN", insisted.path("kernel").path("requested").asText());
    }

    @Test
    void shouldTellWhatElseHappenedToAnOrder() throws IOException {
        write();

        JsonNode repetition = single(repeated);
        JsonNode execution = single(filled);
        JsonNode outcome = single(reported);

        assertEquals(executed, repetition.path("duplicate_of").asLong());
        assertTrue(repetition.get("reason").isNull());
        assertEquals(executed, execution.path("hold_id").asLong());
        assertEquals("FILL", execution.path("execution").path("kind").asText());
        assertEquals(100_000, execution.path("execution").path("fee_micros").asLong());
        assertEquals(
                executed, execution.path("execution").path("terms_sequence").asLong());
        assertTrue(execution.path("execution").path("order_quantity").isNull());
        assertEquals(
                execution.path("execution").path("quantity"),
                execution.path("execution").path("cumulative_quantity"));
        assertTrue(execution.path("execution").path("side").isNull());
        assertEquals(executed, outcome.path("facts").path("decision_sequence").asLong());
        assertTrue(outcome.path("facts").path("admitted").asBoolean());
        assertEquals("desk-1", outcome.path("facts").path("account").asText());
        assertEquals("YES", outcome.path("outcome").path("success").asText());
    }

    @Test
    void shouldTellWhatARetryChargesTheDecisionThatItRetries(@TempDir Path other) throws IOException {
        Path policy = other.resolve("policy.yaml");
        Path shipped = Path.of(System.getProperty("ringfence.root", "..")).resolve("conf/policies/venues.yaml");
        String reward = "    reward: {retry_weight: 1, threshold_bps: 1}\n";
        Files.writeString(policy, Files.readString(shipped).replace("    code: 0\n", "    code: 0\n" + reward));
        long first;
        long charging;
        try (WrittenJournal journal = new WrittenJournal(directory, CompiledPolicy.read(policy), 1_000_000_000)) {
            first = journal.retried(1, 0);
            charging = journal.outcome(3);
        }

        JsonNode charged = single(charging).path("retried_decision");
        Shell page = inspect("--sequence", Long.toString(charging));

        assertEquals(first, charged.path("decision_sequence").asLong());
        assertTrue(charged.path("is_charged_anew").asBoolean());
        assertEquals(-256, charged.path("lesson").asInt());
        assertEquals(1, charged.path("retries").path("count").asInt());
        assertEquals(100_000, charged.path("retries").path("cost_micros").asLong());
        assertTrue(charged.path("earlier_outcome").isMissingNode());
        assertTrue(page.out().contains("lesson -256, retries (count 1, cost 0.1, latency ms 0)"), page::out);
    }

    @Test
    void shouldShowOnlyWhatIsAskedFor() throws IOException {
        write();

        assertEquals(List.of(exhausted, notEligible), sequences(inspect("--json", "--action", "reject")));
        assertEquals(List.of(executed, repeated), sequences(inspect("--json", "--external-id", "A-1")));
        assertEquals(List.of(executed, repeated), sequences(inspect("--json", "--request", "1")));
        assertEquals(List.of(filled), sequences(inspect("--json", "--kind", "execution")));
        assertEquals(List.of(2L, 3L), sequences(inspect("--json", "--from", "2", "--to", "3")));
        assertEquals(List.of(executed, substituted), sequences(inspect("--json", "--kind", "order", "--limit", "2")));
    }

    @Test
    void shouldSpeakToAPerson() throws IOException {
        write();

        Shell list = inspect("--kind", "order");
        Shell page = inspect("--sequence", Long.toString(exhausted));

        assertEquals(5, list.out().lines().count(), list::out);
        assertTrue(list.out().contains("SUBSTITUTE BETTER_CANDIDATE"), list::out);
        assertTrue(list.out().contains("desk-1, A-2, BUY 10 at 25.1, IEXG -> "), list::out);
        assertTrue(list.out().contains("DUPLICATE"), list::out);
        assertTrue(
                page.out().contains("REJECT, BUDGET_EXHAUSTED. The account has less available than this would hold."),
                page::out);
        assertTrue(page.out().contains("limit 1000, observed"), page::out);
        assertTrue(page.out().contains("ACCOUNT_OVERDRAWN, "), page::out);
        assertTrue(page.out().contains("quantity 100, limit price 25.1"), page::out);
    }

    @Test
    void shouldNameTheHead() throws IOException {
        write();

        Shell json = new Shell("head", directory.toString(), "--json");
        Shell text = new Shell("head", directory.toString());

        JsonNode head = MAPPER.readTree(json.out());
        assertEquals(List.of("sequence", "entry_hash"), names(head));
        assertEquals(last, head.path("sequence").asLong());
        assertEquals(single(last).path("entry_hash"), head.path("entry_hash"));
        assertEquals(last + " " + head.path("entry_hash").asText() + System.lineSeparator(), text.out());
    }

    @Test
    void shouldVerifyAndReplayAWholeJournal() throws IOException {
        write();

        Shell verify = new Shell("verify", directory.toString(), "--json");
        Shell replay = new Shell("replay", directory.toString(), "--json");

        JsonNode verified = MAPPER.readTree(verify.out());
        JsonNode replayed = MAPPER.readTree(replay.out());
        assertEquals(ExitCode.DONE, verify.exitCode());
        assertEquals(ExitCode.DONE, replay.exitCode(), replay::out);
        assertEquals(
                List.of(
                        "ok",
                        "records",
                        "records_per_s",
                        "authenticated",
                        "anchored",
                        "watermark",
                        "rewritable_from",
                        "caution",
                        "kept_head",
                        "head",
                        "first_bad_sequence",
                        "fault"),
                names(verified));
        assertEquals(
                List.of(
                        "ok",
                        "records",
                        "records_per_s",
                        "state_digest",
                        "live_state_digest",
                        "first_difference",
                        "authenticated",
                        "caution"),
                names(replayed));
        assertTrue(verified.path("ok").asBoolean());
        assertTrue(verified.path("anchored").asBoolean());
        assertTrue(verified.path("watermark").asBoolean());
        assertTrue(replayed.path("ok").asBoolean());
        assertEquals(last, verified.path("records").asLong());
        assertEquals(last, replayed.path("records").asLong());
        assertEquals(last, verified.path("head").path("sequence").asLong());
        assertTrue(new Shell("verify", directory.toString()).out().contains("the watermark vouches for it"));
        assertTrue(new Shell("replay", directory.toString()).out().contains("replays to the same bits"));
    }

    @Test
    void shouldNameTheFirstBadSequenceOfAChangedByte() throws IOException {
        write();
        Path file = RollFiles.list(directory).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[indexOf(bytes, "A-2")] ^= 1;
        Files.write(file, bytes);

        Shell verify = new Shell("verify", directory.toString(), "--json");
        Shell replay = new Shell("replay", directory.toString(), "--json");
        Shell head = new Shell("head", directory.toString());
        Shell all = inspect("--json");

        JsonNode verified = MAPPER.readTree(verify.out());
        assertEquals(ExitCode.CHECK_FAILED, verify.exitCode());
        assertFalse(verified.path("ok").asBoolean());
        assertEquals(substituted, verified.path("first_bad_sequence").asLong());
        assertTrue(verified.path("fault").asText().contains("the entry hash does not match"));
        assertEquals(substituted - 1, verified.path("head").path("sequence").asLong());
        assertEquals(ExitCode.CHECK_FAILED, replay.exitCode());
        assertTrue(
                MAPPER.readTree(replay.out()).path("first_difference").asText().startsWith("sequence " + substituted));
        assertEquals(ExitCode.CHECK_FAILED, head.exitCode());
        assertTrue(head.out().startsWith(substituted - 1 + " "));
        assertEquals(ExitCode.CHECK_FAILED, all.exitCode());
        assertEquals(substituted - 1, objects(all).size());
        assertTrue(all.err().contains("damaged: sequence " + substituted), all::err);
    }

    @Test
    void shouldMissWhatTheWatermarkPromises() throws IOException {
        write();
        Path file = RollFiles.list(directory).get(0);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 200));

        Shell verify = new Shell("verify", directory.toString(), "--json");
        Shell all = inspect("--json");

        JsonNode verified = MAPPER.readTree(verify.out());
        assertEquals(ExitCode.CHECK_FAILED, verify.exitCode());
        assertTrue(verified.path("first_bad_sequence").asLong() <= last);
        assertEquals(ExitCode.CHECK_FAILED, all.exitCode());
        assertTrue(new Shell("verify", directory.toString()).out().contains("damaged from sequence "));
    }

    @Test
    void shouldReadAJournalThatIsBeingWritten() {
        try (WrittenJournal journal = new WrittenJournal(directory)) {
            long order = journal.order(1, "A-1", ONE, WrittenJournal.MEMX, Substitution.ALLOWED);

            Shell shell = inspect("--json");

            assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
            assertEquals(order, objects(shell).size());
        }
    }

    @Test
    void shouldSayWhereARecordDoesNotComeToWhatItSays() throws IOException {
        long order;
        try (WrittenJournal journal = new WrittenJournal(directory, JournalCommandsTest::forgingDecisionDigests)) {
            order = journal.order(1, "A-1", ONE, WrittenJournal.MEMX, Substitution.ALLOWED);
        }

        Shell verify = new Shell("verify", directory.toString());
        Shell shell = inspect("--json");

        assertEquals(ExitCode.DONE, verify.exitCode(), verify::out); // The forger had the pen: the chain is whole.
        assertEquals(ExitCode.CHECK_FAILED, shell.exitCode());
        assertTrue(shell.err().contains("sequence " + order + ": decision digest: recorded "), shell::err);
        JsonNode record = objects(shell).get((int) order - 1);
        assertTrue(record.path("difference")
                .asText()
                .startsWith("decision digest: recorded "
                        + record.path("decision_digest").asText()));
        assertEquals(ExitCode.CHECK_FAILED, new Shell("replay", directory.toString()).exitCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "replay", "inspect", "head"})
    void shouldNameTheJournalsBelowADirectoryThatHoldsNone(String command) throws IOException {
        Files.createDirectories(directory.resolve("other"));
        for (int day = 1; day <= 5; day++) {
            new WrittenJournal(directory.resolve("demo-" + day)).close();
        }

        Shell shell = new Shell(command, directory.toString());

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(
                "ringfence " + command + ": DIR: must be the directory of a journal: " + directory
                        + " holds none itself,"
                        + " but there is a journal in " + directory.resolve("demo-5") + ", "
                        + directory.resolve("demo-4")
                        + ", " + directory.resolve("demo-3") + " and 2 more" + System.lineSeparator(),
                shell.err());
    }

    @Test
    void shouldSayThatNoRecordMatches() throws IOException {
        write();

        Shell none = inspect("--external-id", "nope", "--kind", "order", "--json");
        Shell other = inspect("--sequence", Long.toString(exhausted), "--action", "execute");

        assertEquals(ExitCode.CHECK_FAILED, none.exitCode());
        assertEquals(
                directory + ": no record matches --kind order --external-id nope" + System.lineSeparator(), none.err());
        assertEquals("", none.out());
        assertEquals(ExitCode.CHECK_FAILED, other.exitCode());
        assertTrue(other.err().contains("no record matches --sequence " + exhausted + " --action execute"), other::err);
    }

    @Test
    void shouldSayThatAnEmptiedWatermarkVouchesForNothing() throws IOException {
        write();
        Files.write(directory.resolve("watermark"), new byte[0]);

        Shell text = new Shell("verify", directory.toString());
        Shell json = new Shell("verify", directory.toString(), "--json");

        assertEquals(ExitCode.DONE, text.exitCode());
        assertTrue(text.out().contains("the watermark file names no record"), text::out);
        assertFalse(MAPPER.readTree(json.out()).get("watermark").booleanValue());
        assertFalse(MAPPER.readTree(json.out()).get("anchored").booleanValue());
    }

    @Test
    void shouldSayWhatAJournalWithoutKeyProvesWhereverItIsShown() throws IOException {
        write();

        Shell verify = new Shell("verify", directory.toString());
        Shell replay = new Shell("replay", directory.toString());
        Shell list = inspect("--kind", "order");
        Shell page = inspect("--sequence", Long.toString(executed));

        for (String shown : List.of(verify.out(), replay.out(), list.err(), page.err())) {
            assertTrue(shown.contains(Trust.NOT_AUTHENTICATED), shown);
            assertTrue(shown.contains(Trust.WAYS_OUT), shown);
        }
        assertTrue(Trust.WAYS_OUT.contains("a key") && Trust.WAYS_OUT.contains("--expect SEQ:HASH"));
        JsonNode json = MAPPER.readTree(new Shell("verify", directory.toString(), "--json").out());
        assertFalse(json.path("authenticated").booleanValue());
        assertEquals(1, json.path("rewritable_from").asLong());
        assertEquals(Trust.text(), json.path("caution").asText());
        assertTrue(json.get("kept_head").isNull());
        assertFalse(single(executed).get("authenticated").booleanValue());
        JsonNode replayed = MAPPER.readTree(new Shell("replay", directory.toString(), "--json").out());
        assertFalse(replayed.get("authenticated").booleanValue());
        assertEquals(Trust.text(), replayed.path("caution").asText());
    }

    @Test
    void shouldCheckAHeadThatWasKept() throws IOException {
        write();
        String end = last + ":" + single(last).path("entry_hash").asText();
        String middle = executed + ":" + single(executed).path("entry_hash").asText();

        Shell ofEnd = new Shell("verify", directory.toString(), "--json", "--expect", end);
        Shell ofMiddle = new Shell("verify", directory.toString(), "--json", "--expect", middle);
        Shell asPrinted =
                new Shell("verify", directory.toString(), "--expect", new Shell("head", directory.toString()).out());
        Shell head = new Shell("head", directory.toString(), "--expect", middle);

        for (Shell shell : List.of(ofEnd, ofMiddle, asPrinted, head)) {
            assertEquals(ExitCode.DONE, shell.exitCode(), () -> shell.out() + shell.err());
        }
        JsonNode whole = MAPPER.readTree(ofEnd.out());
        assertTrue(whole.path("kept_head").path("found").booleanValue());
        assertTrue(whole.get("rewritable_from").isNull());
        assertTrue(whole.get("caution").isNull());
        assertEquals(
                executed + 1,
                MAPPER.readTree(ofMiddle.out()).path("rewritable_from").asLong());
        assertTrue(asPrinted.out().contains("the kept head vouches for all records"), asPrinted::out);
    }

    @Test
    void shouldFailWhereTheHeadThatWasKeptIsNotInTheJournal() throws IOException {
        write();
        String hash = single(executed).path("entry_hash").asText();
        String differs = executed + ":" + "0".repeat(64);
        String beyond = last + 1 + ":" + hash;

        Shell ofOther = new Shell("verify", directory.toString(), "--json", "--expect", differs);
        Shell ofBeyond = new Shell("verify", directory.toString(), "--json", "--expect", beyond);
        Shell text = new Shell("verify", directory.toString(), "--expect", differs);
        Shell head = new Shell("head", directory.toString(), "--expect", beyond);

        for (Shell shell : List.of(ofOther, ofBeyond, text, head)) {
            assertEquals(ExitCode.CHECK_FAILED, shell.exitCode(), () -> shell.out() + shell.err());
        }
        JsonNode other = MAPPER.readTree(ofOther.out());
        assertFalse(other.path("ok").booleanValue());
        assertTrue(
                other.get("first_bad_sequence").isNull()); // Which record up to the head was rewritten cannot be told.
        assertFalse(other.path("kept_head").path("found").booleanValue());
        assertEquals(hash, other.path("kept_head").path("entry_hash_here").asText());
        assertTrue(
                other.path("fault").asText().contains("record " + executed + " has entry hash " + hash),
                other::toString);
        assertTrue(MAPPER.readTree(ofBeyond.out())
                .path("kept_head")
                .get("entry_hash_here")
                .isNull());
        assertTrue(text.out().contains("whole, but not the journal of the head that was kept"), text::out);
        assertTrue(head.err().contains("is not in the journal: its last proved record is " + last), head::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "7:", "0:H", "-1:H", "7:Hf", "7;H", "x:H", "9223372036854775808:H", "7:H 8:H"})
    void shouldRefuseWhatIsNoHead(String expected) throws IOException {
        write();

        Shell shell = new Shell("verify", directory.toString(), "--expect", expected.replace("H", "a1".repeat(32)));

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(1, shell.err().lines().count(), shell::err);
        assertTrue(shell.err().contains("--expect: must be SEQ:HASH"), shell::err);
        assertEquals("", shell.out());
    }

    @Test
    void shouldSeeAQuantityThatWasForgedAndChainedAnew() throws IOException {
        long order;
        try (WrittenJournal journal = new WrittenJournal(directory, JournalCommandsTest::forgingQuantities)) {
            order = journal.order(1, "A-1", ONE, WrittenJournal.MEMX, Substitution.ALLOWED);
        }

        Shell verify = new Shell("verify", directory.toString());
        Shell inspect = inspect("--json");
        Shell replay = new Shell("replay", directory.toString(), "--json");

        assertEquals(ExitCode.DONE, verify.exitCode(), verify::out); // The forger had the pen: the chain is whole.
        assertEquals(ExitCode.CHECK_FAILED, inspect.exitCode());
        assertTrue(
                inspect.err()
                        .contains("sequence " + order
                                + ": input units: recorded 26, computed 76: altered, or written by" + " another build"),
                inspect::err);
        assertEquals(ExitCode.CHECK_FAILED, replay.exitCode());
        assertEquals(
                "sequence " + order + " (ORDER): effective.inputUnits: recorded 26, replayed 76: altered, or written by"
                        + " another build",
                MAPPER.readTree(replay.out()).path("first_difference").asText());
    }

    @Test
    void shouldFindByAKeptHeadThatAJournalWasRewritten() throws IOException {
        write();
        Shell head = new Shell("head", directory.toString());
        Path rewritten = directory.resolve("rewritten");
        try (WrittenJournal journal = new WrittenJournal(rewritten)) {
            journal.order(
                    1, "A-1", 9 * ONE, WrittenJournal.MEMX, Substitution.NEVER); // Decided anew, with another quantity.
            for (long number = 1; number <= last; number++) {
                journal.tick(number);
            }
        }

        Shell alone = new Shell("verify", rewritten.toString());
        Shell expecting =
                new Shell("verify", rewritten.toString(), "--expect", head.out().strip());

        assertEquals(ExitCode.DONE, alone.exitCode(), alone::out);
        assertEquals(ExitCode.CHECK_FAILED, expecting.exitCode());
        assertTrue(expecting.out().contains("record " + last + " has entry hash "), expecting::out);
    }

    private static RecordLog forgingQuantities(RecordLog log) {
        return (sequence, bytes, offset, length) -> {
            UnsafeBuffer record = new UnsafeBuffer(bytes, offset, length);
            RecordHeaderDecoder header =
                    new RecordHeaderDecoder().wrapAndApplyHeader(record, 0, new MessageHeaderDecoder());
            if (header.kind() == CommandKind.ORDER) {
                new OrderRequestEncoder()
                        .wrap(record, header.limit() + MessageHeaderDecoder.ENCODED_LENGTH)
                        .quantity(3 * ONE);
            }
            log.append(sequence, bytes, offset, length);
        };
    }

    private static RecordLog forgingDecisionDigests(RecordLog log) {
        return (sequence, bytes, offset, length) -> {
            UnsafeBuffer record = new UnsafeBuffer(bytes, offset, length);
            RecordHeaderDecoder header =
                    new RecordHeaderDecoder().wrapAndApplyHeader(record, 0, new MessageHeaderDecoder());
            RecordSectionsDecoder sections = new RecordSectionsDecoder();
            sections.wrap(record, header.limit() + header.commandLength(), 0, RecordSectionsDecoder.SCHEMA_VERSION);
            sections.stamp().forEach(facts -> {});
            sections.intake().forEach(intake -> {});
            sections.regime().forEach(regime -> {});
            sections.effective().forEach(effective -> {});
            sections.tierPosterior().forEach(posterior -> {});
            sections.tierDraw().forEach(draw -> {});
            sections.decision().forEach(decision -> {});
            sections.proof().forEach(proof -> {
                int lastByte = sections.limit() - 1;
                record.putByte(lastByte, (byte) (record.getByte(lastByte) ^ 1));
            });
            log.append(sequence, bytes, offset, length);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "replay", "inspect", "head"})
    void shouldRefuseWhatIsNoJournalInOneLine(String command) throws IOException {
        Path missing = directory.resolve("missing");
        Path file = Files.writeString(directory.resolve("file"), "no journal");
        Path empty = Files.createDirectory(directory.resolve("empty"));

        for (Path path : List.of(missing, file, empty)) {
            Shell shell = new Shell(command, path.toString(), "--json");

            assertEquals(ExitCode.BAD_INPUT, shell.exitCode(), shell::err);
            assertEquals(1, shell.err().lines().count(), shell::err);
            assertTrue(shell.err().contains(path.toString()), shell::err);
            assertEquals("", shell.out());
        }
    }

    @Test
    void shouldRefuseASequenceThatIsNotThere() throws IOException {
        write();

        Shell beyond = inspect("--sequence", "9999");
        Shell both = inspect("--sequence", "1", "--from", "2");
        Shell zero = inspect("--limit", "0");
        Shell unknown = inspect("--kind", "oder");

        assertEquals(ExitCode.BAD_INPUT, beyond.exitCode());
        assertTrue(beyond.err().contains("has no sequence 9999: it ends at " + last), beyond::err);
        assertEquals(ExitCode.BAD_INPUT, both.exitCode());
        assertEquals(ExitCode.BAD_INPUT, zero.exitCode());
        assertEquals(ExitCode.BAD_INPUT, unknown.exitCode());
        assertEquals(1, unknown.err().lines().count(), unknown::err);
    }

    @Test
    void shouldShowTheSameRecordFromItsOwnFileAsFromTheFirst() throws IOException {
        writeInManyFiles(20);
        List<JsonNode> all = objects(inspect("--json"));

        for (JsonNode record : all) {
            assertEquals(record, single(record.path("sequence").asLong()));
        }
        assertTrue(RollFiles.list(directory).size() > 20);
    }

    @Test
    void shouldReadOnlyTheFileOfTheRecordAndThatOfItsPolicy() throws IOException {
        writeInManyFiles(20);
        List<Path> files = RollFiles.list(directory);
        for (Path file : files.subList(1, files.size() - 2)) {
            Files.write(file, new byte[100]); // No roll file begins like this: every reader finds a fault.
        }

        assertEquals("desk-1", single(last - 1).path("account").asText());
        assertEquals("POLICY_PART", single(2).path("kind").asText());
        Files.write(files.get(0), new byte[100]);
        Shell withoutPolicy = inspect("--json", "--sequence", Long.toString(last));
        assertEquals(ExitCode.CHECK_FAILED, withoutPolicy.exitCode());
        assertTrue(withoutPolicy.err().contains("is damaged at sequence 1"), withoutPolicy::err);
    }

    @Test
    @Timeout(400)
    void shouldFollowWhatIsAppended() throws Exception {
        try (WrittenJournal journal = new WrittenJournal(directory)) {
            long opened = journal.lastSequence();
            AtomicReference<Shell> end = new AtomicReference<>();
            AtomicReference<Shell> whole = new AtomicReference<>();
            Thread fromEnd = new Thread(() -> end.set(inspect("--json", "--follow", "--limit", "3")));
            Thread fromBegin = new Thread(() ->
                    whole.set(inspect("--json", "--follow", "--from", "2", "--limit", Long.toString(opened + 2))));
            fromEnd.start();
            fromBegin.start();
            long requestId = 0;
            Deadline deadline = Deadline.inSeconds(300);
            while (fromEnd.isAlive() || fromBegin.isAlive()) {
                deadline.require("both followers see the last record");
                journal.order(
                        ++requestId,
                        "A-" + requestId,
                        WrittenJournal.ONE / 10,
                        WrittenJournal.MEMX,
                        Substitution.NEVER);
                journal.roll();
                Thread.sleep(20);
            }

            List<Long> followed = sequences(end.get());
            assertTrue(followed.get(0) > opened);
            assertEquals(List.of(followed.get(0), followed.get(0) + 1, followed.get(0) + 2), followed);
            assertEquals(LongStream.rangeClosed(2, opened + 3).boxed().toList(), sequences(whole.get()));
            assertEquals(single(opened + 2), objects(whole.get()).get((int) opened));
        }
    }

    private void writeInManyFiles(int count) {
        try (WrittenJournal journal = new WrittenJournal(directory)) {
            for (int i = 1; i <= count; i++) {
                journal.roll();
                journal.order(i, "A-" + i, WrittenJournal.ONE / 10, WrittenJournal.MEMX, Substitution.ALLOWED);
            }
            journal.roll();
            last = journal.tick(1);
        }
    }

    private void write() {
        try (WrittenJournal journal = new WrittenJournal(directory)) {
            executed = journal.order(1, "A-1", 10 * ONE, WrittenJournal.MEMX, Substitution.NEVER);
            journal.rememberFacts();
            substituted = journal.order(2, "A-2", 10 * ONE, WrittenJournal.IEXG, Substitution.ALLOWED);
            exhausted = journal.order(3, "A-3", 100 * ONE, WrittenJournal.MEMX, Substitution.ALLOWED);
            notEligible = journal.order(4, "A-4", 10 * ONE, 99, Substitution.NEVER);
            repeated = journal.order(1, "A-1", 10 * ONE, WrittenJournal.MEMX, Substitution.NEVER);
            filled = journal.fill(5, executed, 10 * ONE);
            reported = journal.outcome(6);
            last = journal.tick(1);
        }
    }

    private Shell inspect(String... options) {
        List<String> args = new ArrayList<>(List.of("inspect", directory.toString()));
        args.addAll(List.of(options));
        return new Shell(args.toArray(String[]::new));
    }

    private JsonNode single(long sequence) {
        Shell shell = inspect("--json", "--sequence", Long.toString(sequence));
        assertEquals(ExitCode.DONE, shell.exitCode(), shell::err);
        return objects(shell).get(0);
    }

    private static List<Long> sequences(Shell shell) {
        return objects(shell).stream()
                .map(record -> record.path("sequence").asLong())
                .toList();
    }

    private static List<JsonNode> objects(Shell shell) {
        return shell.out().lines().map(JournalCommandsTest::parse).toList();
    }

    private static JsonNode parse(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException wrong) {
            throw new AssertionError(line, wrong);
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
