package io.ringfence.tools.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads one JSON object a line, gzip or plain; whole numbers keep every digit. */
final class VectorFile {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Takes one line. */
    interface LineConsumer {
        /** May throw what says that the line is no vector: it is passed on with file and line. */
        void accept(JsonNode line);
    }

    private VectorFile() {}

    /** Hands over each line in turn; blank ones are passed by. */
    static void forEachLine(Path file, LineConsumer consumer) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    accept(file, number, line, consumer);
                }
            }
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    }

    private static void accept(Path file, long number, String line, LineConsumer consumer) throws IOException {
        try {
            consumer.accept(MAPPER.readTree(line));
        } catch (JsonProcessingException e) {
            throw new IOException(file + ":" + number + ": no JSON object: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }
}
