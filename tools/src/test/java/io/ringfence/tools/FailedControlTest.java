package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.schemas.ReasonCode;
import org.junit.jupiter.api.Test;

class FailedControlTest {
    @Test
    void shouldNameTheUnitOfAControlOfMoney() {
        FailedControl cap = new FailedControl(ReasonCode.EXPOSURE_LIMIT, 5_000_000, 7_500_000, 2_500_001, 1, "desk-1");
        ObjectNode object = Json.object();

        cap.putInto(object);

        assertEquals(
                "{\"control\":\"EXPOSURE_LIMIT\",\"limit_micros\":5000000,\"observed_micros\":7500000,\"asked_micros\":2500001,"
                        + "\"headroom_micros\":1,\"account\":\"desk-1\"}",
                Json.text(object));
        assertEquals("limit 5, observed 7.5, asked 2.500001, headroom 0.000001 at desk-1", cap.text());
    }

    @Test
    void shouldClaimNoUnitThatItDoesNotKnow() {
        FailedControl other = new FailedControl(ReasonCode.NOT_ALLOWED, 100, 101, 1, -1, "account 7");
        ObjectNode object = Json.object();

        other.putInto(object);

        assertEquals(
                "{\"control\":\"NOT_ALLOWED\",\"limit\":100,\"observed\":101,\"asked\":1,\"headroom\":-1,\"account\":\"account 7\"}",
                Json.text(object));
        assertEquals("limit 100, observed 101, asked 1, headroom -1 at account 7", other.text());
    }
}
