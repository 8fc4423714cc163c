package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.schemas.ReasonCode;
import org.junit.jupiter.api.Test;

class FailedControlTest {
    @Test
    void shouldNameTheUnitOfAControlOfMoney() {
        FailedControl cap = new FailedControl(ReasonCode.EXPOSURE_LIMIT, 5_000_000, 7_500_000, 1);
        ObjectNode object = Json.object();

        cap.putInto(object);

        assertEquals(
                "{\"control\":\"EXPOSURE_LIMIT\",\"limit_micros\":5000000,\"observed_micros\":7500000,\"headroom_micros\":1}",
                Json.text(object));
        assertEquals("limit 5, observed 7.5, headroom 0.000001", cap.text());
    }

    @Test
    void shouldClaimNoUnitThatItDoesNotKnow() {
        FailedControl other = new FailedControl(ReasonCode.NOT_ALLOWED, 100, 101, -1);
        ObjectNode object = Json.object();

        other.putInto(object);

        assertEquals("{\"control\":\"NOT_ALLOWED\",\"limit\":100,\"observed\":101,\"headroom\":-1}", Json.text(object));
        assertEquals("limit 100, observed 101, headroom -1", other.text());
    }
}
