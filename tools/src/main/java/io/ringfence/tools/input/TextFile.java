package io.ringfence.tools.input;

import io.ringfence.gateway.config.ConfigFault;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Opens text files as UTF-8, unpacking by the end of their names. */
final class TextFile {
    private static final int BUFFER_LENGTH = 1 << 16;

    private TextFile() {}

    /**
     * Opens a file; {@code .gz} and {@code .bz2} are unpacked.
     *
     * @throws ConfigFault if there is no such file, it cannot be opened, or it is not packed as its name says.
     */
    static BufferedReader open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw ConfigFault.ofFile(file, "must be a file: there is none");
        }
        InputStream packed = null;
        try {
            packed = new BufferedInputStream(Files.newInputStream(file), BUFFER_LENGTH);
            InputStream bytes = unpacked(file.toString(), packed);
            return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8), BUFFER_LENGTH);
        } catch (IOException refused) {
            ConfigFault fault = ConfigFault.ofFile(file, "must be readable: " + refused.getMessage());
            closeQuietly(packed, fault);
            throw fault;
        }
    }

    private static InputStream unpacked(String name, InputStream packed) throws IOException {
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(packed, BUFFER_LENGTH);
        }
        if (name.endsWith(".bz2")) {
            return new BufferedInputStream(new BZip2CompressorInputStream(packed, true), BUFFER_LENGTH);
        }
        return packed;
    }

    private static void closeQuietly(InputStream stream, ConfigFault fault) {
        try {
            if (stream != null) {
                stream.close();
            }
        } catch (IOException second) {
            fault.addSuppressed(second);
        }
    }
}
