package io.ringfence.schemas;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.SchemaXml.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keeps the protocol page and the schema saying the same. */
class ProtocolPageTest {
    private static final Path PAGE = Path.of(System.getProperty("ringfence.root", ".."), "docs", "PROTOCOL.md");
    private static final Pattern NUMBERED_ROW = Pattern.compile("\\| (\\d+) \\| `(\\w+)` \\| [^|]+ \\|.*");
    private static final int FIRST_SNAPSHOT_TEMPLATE = 100;
    private static final long EXAMPLE_TIMESTAMP_NS = 1_793_232_000_000_000_000L;
    private static final SchemaXml SCHEMA = SchemaXml.read();

    private String page;

    @BeforeEach
    void readPage() throws IOException {
        page = Files.readString(PAGE);
    }

    @Test
    void shouldListTheReasonsOfTheSchema() {
        Map<Integer, String> expected = new TreeMap<>();
        SCHEMA.codes("ReasonCode").forEach((name, code) -> expected.put(code, name));

        Map<Integer, String> listed = rows(chapter("Reasons"));

        assertEquals(expected, listed);
    }

    @Test
    void shouldListTheMessagesOfTheSchema() {
        Map<Integer, String> expected = SCHEMA.messages().stream()
                .filter(message -> message.id() < FIRST_SNAPSHOT_TEMPLATE)
                .collect(toMap(Item::id, Item::name, (a, b) -> a, TreeMap::new));

        Map<Integer, String> listed = rows(chapter("Messages"));

        assertEquals(expected, listed);
    }

    @Test
    void shouldShowARecordSealedByTheRuleOfThePage() throws NoSuchAlgorithmException {
        byte[] command = Golden.of("Settings").bytes();
        byte[] record = exampleRecord(command);
        int sealOffset = record.length - RecordSealDecoder.BLOCK_LENGTH - GroupSizeEncodingDecoder.ENCODED_LENGTH;
        byte[] previousHash = sha256("ringgen1\0".getBytes(US_ASCII), command);

        byte[] entryHash = sha256("ringjrn1\0".getBytes(US_ASCII), previousHash, Arrays.copyOf(record, sealOffset));

        System.arraycopy(entryHash, 0, record, sealOffset, entryHash.length);
        String hexOfPage = chapter("A journal record").replaceAll("\\s+", "");
        assertTrue(hexOfPage.contains(HexFormat.of().formatHex(previousHash)), "previous hash");
        assertTrue(
                hexOfPage.contains(HexFormat.of().formatHex(record)),
                () -> "record: " + HexFormat.of().formatHex(record));
    }

    private String chapter(String title) {
        int begin = page.indexOf("\n## " + title + "\n");
        assertTrue(begin >= 0, () -> "no such chapter: " + title);
        int end = page.indexOf("\n## ", begin + 1);
        return page.substring(begin, end < 0 ? page.length() : end);
    }

    private static Map<Integer, String> rows(String chapter) {
        Map<Integer, String> rows = new TreeMap<>();
        chapter.lines().map(NUMBERED_ROW::matcher).filter(Matcher::matches).forEach(row -> {
            String earlier = rows.put(Integer.valueOf(row.group(1)), row.group(2));
            assertNull(earlier, () -> "listed twice: " + row.group());
        });
        return rows;
    }

    /** Record 1 of a journal with the command, no section and no key; its entry hash is still zeros. */
    private static byte[] exampleRecord(byte[] command) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        RecordHeaderEncoder header = new RecordHeaderEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sequence(1)
                .timestampNs(EXAMPLE_TIMESTAMP_NS)
                .commandLength(command.length)
                .kind(CommandKind.SETTINGS);
        int sectionsOffset = header.limit() + command.length;
        buffer.putBytes(header.limit(), command);
        RecordSectionsEncoder sections = new RecordSectionsEncoder().wrap(buffer, sectionsOffset);
        sections.stampCount(0);
        sections.intakeCount(0);
        sections.regimeCount(0);
        sections.effectiveCount(0);
        sections.tierPosteriorCount(0);
        sections.tierDrawCount(0);
        sections.decisionCount(0);
        sections.proofCount(0);
        sections.selectionCount(0);
        sections.explorationCount(0);
        sections.budgetCount(0);
        sections.controlCount(0);
        sections.candidateDrawCount(0);
        sections.lessonCount(0);
        header.sectionsLength(sections.limit() - sectionsOffset);
        RecordSealEncoder seal = new RecordSealEncoder().wrap(buffer, sections.limit());
        seal.authenticationCount(0);
        return Arrays.copyOf(buffer.byteArray(), seal.limit());
    }

    private static byte[] sha256(byte[]... parts) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
