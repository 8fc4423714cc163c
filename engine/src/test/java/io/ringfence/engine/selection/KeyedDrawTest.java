package io.ringfence.engine.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringfence.engine.AllocatedBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class KeyedDrawTest {
    @Test
    void shouldDrawAsTheMacOfTheJdkDoes() throws Exception {
        Random random = new Random(31);
        for (int length = 32; length <= 200; length++) {
            byte[] key = bytes(random, length);
            KeyedDraw draw = new KeyedDraw(key);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (int round = 0; round < 5; round++) {
                byte[] policyDigest = bytes(random, 32);
                byte[] inputDigest = bytes(random, 32);
                mac.update("calyexp1".getBytes(StandardCharsets.US_ASCII));
                mac.update(policyDigest);
                ByteBuffer expected = ByteBuffer.wrap(mac.doFinal(inputDigest));

                draw.draw(policyDigest, inputDigest);

                assertEquals(expected.getLong(), draw.draw(), "length=" + length);
                assertEquals(expected.getLong(), draw.pick(), "length=" + length);
            }
        }
    }

    @Test
    void shouldRefuseAShortKey() {
        assertThrows(IllegalArgumentException.class, () -> new KeyedDraw(new byte[31]));
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        KeyedDraw draw = new KeyedDraw(new byte[32]);
        byte[] digest = new byte[32];

        long allocated = AllocatedBytes.leastOf(() -> {
            for (int round = 0; round < 20_000; round++) {
                draw.draw(digest, digest);
                digest[round & 31]++;
            }
        });

        assertEquals(0, allocated);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
