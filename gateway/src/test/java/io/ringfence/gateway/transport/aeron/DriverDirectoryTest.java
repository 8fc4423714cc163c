package io.ringfence.gateway.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverDirectoryTest {
    private static final String LEFT = "process 7 on here\ndriver 7 started at 9 ms";

    private Path driver;
    private Path lock;
    private Path data;

    @TempDir
    Path directory;

    @BeforeEach
    void aKilledDriverLeftIts() throws IOException {
        driver = Files.createDirectories(directory.resolve("driver/publications"))
                .getParent();
        lock = Files.writeString(directory.resolve("driver.lock"), LEFT);
        data = Files.createDirectory(directory.resolve("data"));
    }

    @Test
    void shouldLeaveWhatWasNotedOfAKilledDriverWhereAStartIsRefusedBeforeItsOwn() throws IOException {
        DriverDirectory.take(driver, data, Optional.empty()).close();

        assertEquals(LEFT, Files.readString(lock));
    }

    @Test
    void shouldLeaveNothingBehindOnceItsOwnDriverHasEnded() throws IOException {
        try (DriverDirectory taken = DriverDirectory.take(driver, data, Optional.empty())) {
            taken.starting(1);
        }

        assertFalse(Files.exists(lock));
    }

    @Test
    void shouldDeleteTheLockWithTheFilesOfAKilledDriver() {
        DriverDirectory.clear(driver, data);

        assertFalse(Files.exists(driver));
        assertFalse(Files.exists(lock));
    }
}
