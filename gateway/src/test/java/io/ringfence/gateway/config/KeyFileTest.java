package io.ringfence.gateway.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
    private static final String KEY = "00ff102030405060708090a0b0c0d0e0f000112233445566778899aabbccddee";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {KEY, KEY + "\n", "  " + KEY + "\r\n", KEY + "AB", KEY + KEY})
    void shouldReadHexadecimalDigits(String text) throws IOException {
        assertArrayEquals(HexFormat.of().parseHex(text.strip()), read(write(text, "rw-------")));
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r-----, must be open to its owner alone (chmod 600): it is rw-r-----",
        "r-----r--, must be open to its owner alone (chmod 600): it is r-----r--",
        "rw--w----, must be open to its owner alone (chmod 600): it is rw--w----",
    })
    void shouldRefuseAFileThatOthersMayOpen(String permissions, String rule) throws IOException {
        ConfigFault refused = refused(write(KEY, permissions));

        assertEquals(rule, refused.rule());
        assertEquals("exploration.key_file", refused.field());
    }

    @Test
    void shouldRefuseAFileOfAnotherUser() throws IOException {
        Assumptions.assumeTrue(new UnixSystem().getUid() == 0, "only root can give a file away");
        Path file = write(KEY, "rw-------");
        Files.setAttribute(file, "unix:uid", 65_534);

        assertEquals(
                "must belong to the user who starts the engine: its owner knows the key",
                refused(file).rule());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00ff",
                "00ff102030405060708090a0b0c0d0e0f000112233445566778899aabbccddee0",
                "zzff102030405060708090a0b0c0d0e0f000112233445566778899aabbccddee",
                "00ff102030405060708090a0b0c0d0e0\nf000112233445566778899aabbccddee"
            })
    void shouldRefuseWhatIsNoKeyAndNotSayWhatItIs(String text) throws IOException {
        ConfigFault refused = refused(write(text, "rw-------"));

        assertEquals("must hold 64 hexadecimal digits or more, an even number, on one line", refused.rule());
        assertFalse(refused.getMessage().contains("102030"), refused.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNoFile() throws IOException {
        assertEquals(
                "must be readable: NoSuchFileException",
                refused(folder.resolve("none")).rule());
        Path directory = Files.createDirectory(
                folder.resolve("d"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertEquals(
                "must be a file of at most 4096 bytes: it is a directory",
                refused(directory).rule());
    }

    private Path write(String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve("key"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static byte[] read(Path file) {
        return KeyFile.read(file, Setting.EXPLORATION_KEY_FILE);
    }

    private static ConfigFault refused(Path file) {
        return assertThrows(ConfigFault.class, () -> read(file));
    }
}
