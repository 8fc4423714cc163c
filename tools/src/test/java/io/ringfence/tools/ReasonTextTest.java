package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.schemas.ReasonCode;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTextTest {
    @ParameterizedTest
    @EnumSource(ReasonCode.class)
    void shouldHaveASentenceForEveryCode(ReasonCode reason) {
        String text = ReasonText.of(reason);

        assertTrue(text.matches("[A-Z][^.]+\\."), text);
    }

    @Test
    void shouldSaySomethingElseForEachCode() {
        Set<ReasonCode> codes = EnumSet.complementOf(EnumSet.of(ReasonCode.SBE_UNKNOWN, ReasonCode.NULL_VAL));

        Set<String> texts = codes.stream().map(ReasonText::of).collect(Collectors.toSet());

        assertEquals(codes.size(), texts.size());
    }
}
