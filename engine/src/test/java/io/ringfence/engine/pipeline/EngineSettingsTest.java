package io.ringfence.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineSettingsTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEncodeWhatItDecoded(boolean isKeyed) {
        byte[] command = new EngineSettings(1, 2, 64, 400, 100, 250, 100, 8, 5, isKeyed, new byte[32]).encode();

        EngineSettings decoded = EngineSettings.decode(new UnsafeBuffer(command), 0, command.length);

        assertEquals(isKeyed, decoded.isKeyed());
        assertArrayEquals(command, decoded.encode());
    }
}
