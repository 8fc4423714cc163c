package io.ringfence.gateway.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AeronTransportTest {
    @TempDir
    Path folder;

    @Test
    void shouldNotTakeTheDirectoryOfALivingDriver() {
        AeronTransport.Settings settings = settings(
                AeronTransport.Settings.defaultAeronDirectory().resolveSibling("ringfence-test-" + UUID.randomUUID()));
        try (AeronTransport first = AeronTransport.launch(settings, error -> {})) {
            UncheckedIOException refused =
                    assertThrows(UncheckedIOException.class, () -> AeronTransport.launch(settings, error -> {}));

            assertTrue(
                    refused.getMessage()
                            .startsWith("Aeron directory in use by another engine: " + settings.aeronDirectory()
                                    + ": process " + ProcessHandle.current().pid()),
                    refused::getMessage);
            assertTrue(Files.exists(Path.of(first.aeronDirectory())));
        }
        AeronTransport.launch(settings, error -> {}).close();
        assertFalse(Files.exists(Path.of(settings.aeronDirectory() + ".lock")));
    }

    /** Its process id is that of this process, as in a container that has another namespace of ids. */
    @Test
    void shouldNotTakeTheDirectoryOfADriverOfOthersThatHasAFreshHeartbeat() {
        AeronTransport.Settings settings = settings(folder.resolve("aeron"));
        MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(settings.aeronDirectory().toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnShutdown(true);
        try (MediaDriver others = MediaDriver.launch(context)) {
            UncheckedIOException refused =
                    assertThrows(UncheckedIOException.class, () -> AeronTransport.launch(settings, error -> {}));

            assertEquals(
                    "Aeron directory in use by the driver of process "
                            + ProcessHandle.current().pid() + ": " + settings.aeronDirectory()
                            + ": its last heartbeat is less than 10 s old",
                    refused.getMessage());
            assertTrue(Files.exists(Path.of(others.aeronDirectoryName()).resolve("cnc.dat")));
        }
        AeronTransport.launch(settings, error -> {}).close();
    }

    @Test
    void shouldNameADirectoryThatCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        AeronTransport.Settings settings = settings(file.resolve("driver"));

        UncheckedIOException refused =
                assertThrows(UncheckedIOException.class, () -> AeronTransport.launch(settings, error -> {}));

        assertTrue(
                refused.getMessage().startsWith("the media driver cannot start in " + file.resolve("driver") + ": "),
                refused::getMessage);
    }

    @Test
    void shouldNotDeleteWhatNoDriverLeft() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("photos"));
        Path kept = Files.createFile(directory.resolve("kept"));
        AeronTransport.Settings settings = settings(directory);

        UncheckedIOException refused =
                assertThrows(UncheckedIOException.class, () -> AeronTransport.launch(settings, error -> {}));

        assertTrue(refused.getMessage().startsWith("Aeron directory holds files of no driver"), refused::getMessage);
        assertTrue(Files.exists(kept));
    }

    @Test
    void shouldTakeWhatADriverLeftThatWasKilledInItsStart() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("aeron-half"));
        Files.createDirectory(directory.resolve("publications"));
        Files.createDirectory(directory.resolve("images"));

        try (AeronTransport transport = AeronTransport.launch(settings(directory), error -> {})) {
            assertTrue(Files.exists(Path.of(transport.aeronDirectory()).resolve("cnc.dat")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "data/driver", "data/../data", ".", "link", "link/driver"})
    void shouldNotShareADirectoryWithTheData(String name) throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.createSymbolicLink(folder.resolve("link"), data);
        Files.createFile(data.resolve("cnc.dat"));
        Files.createFile(folder.resolve("cnc.dat"));
        AeronTransport.Settings settings = settings(folder.resolve(name));

        UncheckedIOException refused =
                assertThrows(UncheckedIOException.class, () -> AeronTransport.launch(settings, error -> {}));

        assertTrue(refused.getMessage().startsWith("Aeron directory would be deleted"), refused::getMessage);
        assertTrue(Files.exists(data.resolve("cnc.dat")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFailOnceItsClientHasClosedItself(boolean isInvoked) throws Exception {
        AeronTransport.Settings settings =
                new AeronTransport.Settings(folder.resolve("driver"), folder.resolve("data"), 1_001, isInvoked);
        try (AeronTransport transport = AeronTransport.launch(settings, TimeUnit.SECONDS.toNanos(4), error -> {})) {
            transport.doWork(System.nanoTime());
            Thread.sleep(4_100); // The pause itself is what is tested.

            assertThrows(IllegalStateException.class, () -> {
                for (int i = 0; i < 1_000; i++) {
                    transport.doWork(System.nanoTime());
                }
            });
        }
    }

    private AeronTransport.Settings settings(Path aeronDirectory) {
        return new AeronTransport.Settings(aeronDirectory, folder.resolve("data"), 1_001, false);
    }
}
