package io.ringfence.schemas;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.SchemaXml.Item;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pins the most bytes that a journal record of each kind takes, text and content not counted. */
class RecordSizeTest {
    private static final int PASSED_LIMIT = 512;
    private static final int EXPLORED_LIMIT = 640;
    private static final int KEYED_LENGTH = 36;
    private static final int POLICY_PART_LIMIT = 32_768;
    private static final int TIERS = 4;
    private static final String PASSED = "regime effective tierPosterior*4 tierDraw*4 decision proof selection budget";
    private static final String EXPLORED = " exploration candidateDraw*6";
    private static final SchemaXml SCHEMA = SchemaXml.read();

    @ParameterizedTest
    @CsvSource({ // kind, command, sections of its largest record, bytes
        "ADMISSION,        AdmissionRequest,  stamp regime effective tierPosterior*4 tierDraw*4 decision proof selection exploration budget control candidateDraw*6, 640",
        "ADMISSION,        AdmissionRequest features*16, stamp regime effective tierPosterior*4 tierDraw*4 decision proof selection exploration budget control candidateDraw*6, 704",
        "ORDER,            OrderRequest,      regime effective tierPosterior*4 tierDraw*4 decision proof selection exploration budget control candidateDraw*6, 601",
        "CANCEL,           OrderCancel,       budget control, 214",
        "REPLACE,          OrderReplace,      budget control, 230",
        "EXECUTION,        Execution,         budget control, 300",
        "SETTLE,           Settle,            budget control, 231",
        "OUTCOME,          OutcomeReport,     stamp*2 intake lesson*4, 640",
        "ACCOUNT,          AccountCommand,    intake budget,  220",
        "POLICY_PART,      PolicyPart,        intake,         132",
        "POLICY_ACTIVATE,  PolicyActivate,    intake,         221",
        "POLICY_PIECE,     PolicyPiece,       intake,         168",
        "POLICY_CHANGE,    PolicyChange,      intake,         287",
        "SETTINGS,         Settings,          intake,         235",
        "START,            Start,             intake,         140",
        "SNAPSHOT,         SnapshotMarker,    intake,         125",
        "TICK,             Tick,              intake,         125",
        "SESSION_OPENED,   SessionOpened,     intake,         125",
        "SESSION_CLOSED,   SessionClosed,     intake,         126",
        "INSTRUMENT,       InstrumentCommand, intake,         164",
        "REFERENCE_PRICE,  ReferencePrice,    intake,         177",
        "POSITION_ADJUST,  PositionAdjust,    intake,         161",
        "PERIOD_ROLL,      PeriodRoll,        intake,         154",
        "CONTROL,          ControlCommand,    intake,         153",
        "OVERRIDE,         Override,          intake,         165",
        "APPROVAL,         Approval,          intake,         152",
        "KEY_CHANGE,       KeyChange,         intake,         157",
        "HOLD,             HoldCommand,       intake budget,  195",
        "FACT,             FactCommand,       intake budget,  223",
        "PROPOSAL,         Proposal,          intake,         153",
        "PRINCIPAL_RESTART, PrincipalRestart, intake,         147",
        "CLOCK,            ClockCommand,      intake,         151",
        "PRINCIPAL,        PrincipalCommand,  intake,         153",
        "RIGHT,            RightCommand,      intake,         158",
        "LEARNING,         LearningCommand,   intake,         151"
    })
    void shouldTakeAtMostThePinnedBytes(CommandKind kind, String command, String sections, int bytes) {
        assertEquals(kind.name(), kindOf(command.split(" ")[0]));
        assertEquals(bytes, recordLength(command, sections));
    }

    @Test
    void shouldPinEveryKind() throws NoSuchMethodException {
        Method pins = RecordSizeTest.class.getDeclaredMethod(
                "shouldTakeAtMostThePinnedBytes", CommandKind.class, String.class, String.class, int.class);

        Set<String> pinned = Arrays.stream(pins.getAnnotation(CsvSource.class).value())
                .map(line -> line.split(",")[0])
                .collect(toSet());

        assertEquals(SCHEMA.codes("CommandKind").keySet(), pinned);
    }

    @ParameterizedTest
    @CsvSource({"AdmissionRequest, 430", "OrderRequest, 460"})
    void shouldHoldTheDesignedLimitWhenAdmitted(String command, int bytes) {
        int passed = recordLength(command, PASSED);
        int explored = recordLength(command, PASSED + EXPLORED);

        assertEquals(bytes, passed);
        assertTrue(passed <= PASSED_LIMIT, () -> "passed: " + passed);
        assertTrue(explored <= EXPLORED_LIMIT, () -> "explored: " + explored);
    }

    @ParameterizedTest
    @CsvSource({"1, 434", "16, 494"})
    void shouldAddFourBytesForEachFeature(int count, int bytes) {
        assertEquals(bytes, recordLength("AdmissionRequest features*" + count, PASSED));
    }

    @Test
    void shouldHoldTheDesignedLimitWhenARetryIsAdmitted() {
        assertEquals(499, recordLength("AdmissionRequest", "stamp " + PASSED));
        assertTrue(recordLength("AdmissionRequest", "stamp " + PASSED + EXPLORED) <= EXPLORED_LIMIT);
    }

    @Test
    void shouldHoldTheDesignedLimitWhenAControlFailsAfterAnExploration() {
        String most = "stamp " + PASSED + EXPLORED + " control";

        assertTrue(recordLength("AdmissionRequest", most) <= EXPLORED_LIMIT);
        assertTrue(recordLength("OrderRequest", PASSED + EXPLORED + " control") <= EXPLORED_LIMIT);
    }

    @Test
    void shouldAddThirtySixBytesWhenKeyed() {
        assertEquals(KEYED_LENGTH, group("RecordSeal", "authentication"));
    }

    @Test
    void shouldLetTheLargestPolicyPartFitTheLengthField() {
        int commandLength = MessageHeaderDecoder.ENCODED_LENGTH
                + PolicyPartDecoder.BLOCK_LENGTH
                + PolicyPartDecoder.contentHeaderLength()
                + POLICY_PART_LIMIT;

        assertTrue(commandLength <= RecordHeaderDecoder.commandLengthMaxValue());
    }

    @Test
    void shouldEncodeAnAdmittedOrderInTheComputedBytes() {
        MutableDirectBuffer buffer = new UnsafeBuffer(new byte[1024]);
        MessageHeaderEncoder header = new MessageHeaderEncoder();
        RecordHeaderEncoder record = new RecordHeaderEncoder().wrapAndApplyHeader(buffer, 0, header);
        OrderRequestEncoder order = new OrderRequestEncoder().wrapAndApplyHeader(buffer, record.limit(), header);
        RecordSectionsEncoder sections = new RecordSectionsEncoder().wrap(buffer, order.limit());
        writeAdmitted(sections);
        RecordSealEncoder seal = new RecordSealEncoder().wrap(buffer, sections.limit());
        seal.authenticationCount(0);

        assertEquals(recordLength("OrderRequest", PASSED), seal.limit());
    }

    private static void writeAdmitted(RecordSectionsEncoder sections) {
        sections.stampCount(0);
        sections.intakeCount(0);
        sections.regimeCount(1).next();
        sections.effectiveCount(1).next();
        RecordSectionsEncoder.TierPosteriorEncoder posteriors = sections.tierPosteriorCount(TIERS);
        for (int i = 0; i < TIERS; i++) {
            posteriors.next();
        }
        RecordSectionsEncoder.TierDrawEncoder draws = sections.tierDrawCount(TIERS);
        for (int i = 0; i < TIERS; i++) {
            draws.next();
        }
        sections.decisionCount(1).next();
        sections.proofCount(1).next();
        sections.selectionCount(1).next();
        sections.explorationCount(0);
        sections.budgetCount(1).next();
        sections.controlCount(0);
        sections.candidateDrawCount(0);
        sections.lessonCount(0);
    }

    /**
     * Bytes of a record: header, command, sections, seal; all groups are there, most of them empty.
     *
     * @param command its message, then those of its groups that have entries.
     */
    private static int recordLength(String command, String sections) {
        String[] messageAndGroups = command.split(" ");
        String message = messageAndGroups[0];
        int header = MessageHeaderDecoder.ENCODED_LENGTH;
        return header
                + SCHEMA.blockLength(SCHEMA.message("RecordHeader"))
                + header
                + lengthWithoutEntries(SCHEMA.message(message))
                + Arrays.stream(messageAndGroups)
                        .skip(1)
                        .mapToInt(group -> entriesLength(message, group))
                        .sum()
                + lengthWithoutEntries(SCHEMA.message("RecordSections"))
                + Arrays.stream(sections.split(" "))
                        .mapToInt(section -> entriesLength("RecordSections", section))
                        .sum()
                + lengthWithoutEntries(SCHEMA.message("RecordSeal"));
    }

    private static int entriesLength(String message, String group) {
        String[] nameAndCount = group.split("\\*");
        int count = nameAndCount.length == 1 ? 1 : Integer.parseInt(nameAndCount[1]);
        return count * group(message, nameAndCount[0]);
    }

    private static int group(String message, String group) {
        return SCHEMA.blockLength(SCHEMA.message(message).inner(group));
    }

    private static int lengthWithoutEntries(Item message) {
        long groups = message.items().stream()
                .filter(item -> item.tag().equals("group"))
                .count();
        long datas = message.items().stream()
                .filter(item -> item.tag().equals("data"))
                .count();
        return SCHEMA.blockLength(message)
                + (int) groups * GroupSizeEncodingDecoder.ENCODED_LENGTH
                + (int) datas * Short.BYTES;
    }

    /** The kind whose description names the command. */
    private static String kindOf(String command) {
        return SCHEMA.types().stream()
                .filter(type -> type.name().equals("CommandKind"))
                .flatMap(type -> type.items().stream())
                .filter(value -> value.description().equals(command + "."))
                .map(Item::name)
                .findFirst()
                .orElse("none");
    }
}
