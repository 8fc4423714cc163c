package io.ringfence.journal.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.journal.lock.OwnerLock.OwnedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners are processes of their own, because the kernel locks for processes. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OwnerLockTest {
    private static final String ME = "process " + ProcessHandle.current().pid();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("lock");
    }

    @Test
    void shouldHaveOneOwnerInAProcessAndSayWho() throws IOException {
        assertFalse(OwnerLock.isOwned(file));
        try (OwnerLock first = OwnerLock.take(file)) {
            OwnedException refused = assertThrows(OwnedException.class, () -> OwnerLock.take(file));

            assertTrue(refused.getMessage().startsWith(ME), refused::getMessage);
            assertTrue(OwnerLock.isOwned(file));
            assertEquals("", first.before());
        }
        assertFalse(OwnerLock.isOwned(file));
        OwnerLock.take(file).close();
    }

    /** The kernel gives up all locks of a process on a file when the process closes any channel on it. */
    @Test
    void shouldStayOwnedWhenThisProcessAsksOrTriesAgain() throws Exception {
        try (OwnerLock own = OwnerLock.take(file)) {
            assertThrows(OwnedException.class, () -> OwnerLock.take(file));
            assertTrue(OwnerLock.isOwned(file));

            assertTrue(other("take").startsWith("owned by " + ME));
            assertEquals("owned", other("ask"));
            own.note("a line");
            assertEquals("a line", Files.readAllLines(file).get(1));
        }
        assertEquals("free", other("ask"));
    }

    @Test
    void shouldBeFreeAtOnceWhenItsOwnerIsKilledAndKeepWhatItSaid() throws Exception {
        Process owner = start("hold");
        assertEquals('h', owner.getInputStream().read());
        String id = "process " + owner.pid();
        assertTrue(OwnerLock.isOwned(file));
        assertTrue(assertThrows(OwnedException.class, () -> OwnerLock.take(file))
                .getMessage()
                .startsWith(id));

        assertTrue(owner.destroyForcibly().waitFor(100, TimeUnit.SECONDS));

        assertFalse(OwnerLock.isOwned(file));
        try (OwnerLock next = OwnerLock.take(file)) {
            assertTrue(next.before().startsWith(id), next.before());
            assertEquals("a line", Files.readAllLines(file).get(1), "it is killed too before it notes another");
        }
    }

    @Test
    void shouldLeaveNothingWhenItIsDeletedAndLetAnotherOneBeMade() throws IOException {
        OwnerLock first = OwnerLock.take(file);
        first.delete();
        assertFalse(Files.exists(file));

        try (OwnerLock second = OwnerLock.take(file)) {
            first.close();
            assertTrue(OwnerLock.isOwned(file));
            assertTrue(Files.exists(file), second::before);
        }
    }

    private String other(String verb) throws Exception {
        Process other = start(verb);
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertTrue(other.waitFor(100, TimeUnit.SECONDS), said);
        assertEquals(0, other.exitValue(), said);
        return said;
    }

    private Process start(String verb) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        verb,
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Another process. */
    static final class Other {
        private Other() {}

        public static void main(String[] args) throws Exception {
            Path file = Path.of(args[1]);
            switch (args[0]) {
                case "ask" -> System.out.println(OwnerLock.isOwned(file) ? "owned" : "free");
                case "take" -> {
                    try {
                        OwnerLock.take(file).close();
                        System.out.println("taken");
                    } catch (OwnedException owned) {
                        System.out.println("owned by " + owned.getMessage());
                    }
                }
                default -> {
                    OwnerLock held = OwnerLock.take(file);
                    held.note("a line");
                    System.out.print('h');
                    System.out.flush();
                    System.in.read(); // Until it is killed.
                    held.close();
                }
            }
        }
    }
}
