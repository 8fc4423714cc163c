package io.ringfence.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.client.GatewayAddress;
import io.ringfence.gateway.transport.aeron.DriverDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other processes read of an engine, also when it is not what an engine wrote. */
class RunFileTest {
    private static final long NO_PROCESS = Long.MAX_VALUE;

    @TempDir
    Path directory;

    @Test
    void shouldNameAFileThatIsNoText() throws IOException {
        assertRefused(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});
    }

    @Test
    void shouldNameAFileThatLacksSomething() throws IOException {
        assertRefused(new byte[0]);
    }

    private void assertRefused(byte[] content) throws IOException {
        Path file = directory.resolve(RunFile.NAME);
        Files.write(file, content);

        IOException refusal = assertThrows(IOException.class, () -> RunFile.read(directory));

        assertTrue(refusal.getMessage().startsWith(file + ": must be as an engine writes it: "), refusal::getMessage);
    }

    @Test
    void shouldClearOnlyADirectoryThatNoConfigurationNames() throws IOException {
        Path own = DriverDirectory.freshName(directory);
        Files.createDirectories(own);
        Path other = Files.createDirectories(directory.resolve("ringfence-1/driver"));

        clear(own);
        clear(other);

        assertFalse(Files.exists(own.getParent()));
        assertTrue(Files.exists(other));
        assertDoesNotThrow(() -> clear(directory.getRoot()));
    }

    private void clear(Path aeronDirectory) {
        new RunFile(
                        NO_PROCESS,
                        new GatewayAddress(aeronDirectory, 1),
                        aeronDirectory,
                        aeronDirectory,
                        null,
                        aeronDirectory)
                .clearLeftovers(directory.resolve("data"));
    }
}
