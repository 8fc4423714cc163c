package io.ringfence.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.schemas.SchemaXml.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shows that a value of a later schema is read as unknown, and that only two of all actions allow anything. */
class UnknownEnumTest {
    private static final long NEVER_GIVEN = 253;
    private static final int ACTIONS = 256;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final AdmissionDecisionEncoder encoder = new AdmissionDecisionEncoder();
    private final AdmissionDecisionDecoder decoder = new AdmissionDecisionDecoder();

    static List<String> enums() {
        return SchemaXml.read().types().stream()
                .filter(type -> type.tag().equals("enum"))
                .map(Item::name)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("enums")
    void shouldReadAnUnknownValueWithoutThrowing(String enumName) {
        Object anyConstant = Calls.type(enumName).getEnumConstants()[0];

        Object read = Calls.call(anyConstant, "get", NEVER_GIVEN);

        assertEquals("SBE_UNKNOWN", read.toString());
    }

    @Test
    void shouldAllowSomethingByTwoActionsOnly() {
        List<Integer> allowing = new ArrayList<>();
        for (int action = 0; action < ACTIONS; action++) {
            decodeWithAction(action);
            if (decoder.action() == Action.EXECUTE || decoder.action() == Action.SUBSTITUTE) {
                allowing.add(action);
            }
        }

        assertEquals(Arrays.asList(1, 2), allowing);
    }

    @Test
    void shouldReadAnEmptyBlockAsNothingGranted() {
        decodeWithAction(0);

        assertEquals(Action.NOTHING_GRANTED, decoder.action());
    }

    @Test
    void shouldKeepTheRawValueOfAnUnknownAction() {
        decodeWithAction(77);

        assertEquals(Action.SBE_UNKNOWN, decoder.action());
        assertEquals(77, decoder.actionRaw());
    }

    private void decodeWithAction(int action) {
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        buffer.putByte(encoder.offset() + AdmissionDecisionDecoder.actionEncodingOffset(), (byte) action);
        decoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
    }
}
