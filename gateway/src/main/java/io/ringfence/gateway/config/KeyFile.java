package io.ringfence.gateway.config;

import com.sun.security.auth.module.UnixSystem;
import io.ringfence.journal.fault.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a secret key from a file that only its owner may open. What is in the file is in no message. */
final class KeyFile {
    private static final int DIGITS_MIN = 64;
    private static final long LENGTH_MAX = 4_096;
    private static final Pattern DIGITS = Pattern.compile("([0-9a-fA-F]{2})+");
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private KeyFile() {}

    /**
     * Reads a key of 32 bytes and more, which stands there in hexadecimal digits.
     *
     * @param setting that names the file, for the message.
     * @throws ConfigFault when the file cannot be read, when others than its owner may open it, or when it holds something else.
     */
    static byte[] read(Path file, Setting<Path> setting) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
                throw fault(
                        file,
                        setting,
                        "must be open to its owner alone (chmod 600): it is "
                                + PosixFilePermissions.toString(permissions));
            }
            int owner = (int) Files.getAttribute(file, "unix:uid");
            if (Integer.toUnsignedLong(owner) != new UnixSystem().getUid()) {
                throw fault(file, setting, "must belong to the user who starts the engine: its owner knows the key");
            }
            String otherwise = RegularFile.otherwise(file);
            if (otherwise != null || Files.size(file) > LENGTH_MAX) {
                throw fault(
                        file,
                        setting,
                        "must be a file of at most " + LENGTH_MAX + " bytes"
                                + (otherwise == null ? "" : ": " + otherwise));
            }
            return key(Files.readAllBytes(file), file, setting);
        } catch (UnsupportedOperationException hasNoModes) {
            throw fault(file, setting, "must lie in a file system that knows the permissions of files");
        } catch (IOException cannot) {
            throw fault(file, setting, "must be readable: " + cannot.getClass().getSimpleName());
        }
    }

    private static byte[] key(byte[] bytes, Path file, Setting<Path> setting) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte of : bytes) {
            text.append((char) (of & 0xFF));
        }
        String digits = text.toString().strip();
        if (digits.length() < DIGITS_MIN || !DIGITS.matcher(digits).matches()) {
            throw fault(
                    file,
                    setting,
                    "must hold " + DIGITS_MIN + " hexadecimal digits or more, an even number, on one line");
        }
        return HexFormat.of().parseHex(digits);
    }

    private static ConfigFault fault(Path file, Setting<Path> setting, String rule) {
        return new ConfigFault(file.toString(), ConfigFault.NO_LINE, setting.key(), rule);
    }
}
