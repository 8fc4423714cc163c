package io.ringfence.gateway.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringfence.engine.command.CommandType;
import io.ringfence.journal.record.RecordRules;
import io.ringfence.schemas.CommandKind;
import org.junit.jupiter.api.Test;

/** Engine and journal do not know each other; each has a table of the messages of the kinds. */
class KindTableTest {
    @Test
    void shouldHaveTheSameMessageForEachKindInEngineAndJournal() {
        for (int code = 0; code < 256; code++) {
            CommandKind kind = CommandKind.get((short) code);
            boolean isKnown = kind != CommandKind.NULL_VAL && kind != CommandKind.SBE_UNKNOWN;
            CommandType type = isKnown ? CommandType.of(kind) : null;

            assertEquals(type == null ? -1 : type.templateId(), RecordRules.templateOf(code), "kind " + code);
        }
    }
}
