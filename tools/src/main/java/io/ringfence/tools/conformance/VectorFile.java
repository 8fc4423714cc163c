package io.ringfence.tools.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/** Reads vector files: one JSON object a line, gzip or plain, with whole numbers of a stated range in it. */
final class VectorFile {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private VectorFile() {}

    /**
     * Checks each line in turn, blank ones left out, and goes on after failures.
     *
     * @param kind  of the vectors.
     * @param check gives what is wrong with a line; empty: it agrees. What it throws to say that the line is no vector is passed
     *              on with file and line.
     */
    static VectorKind.Report check(Path file, String kind, Function<JsonNode, Optional<String>> check)
            throws IOException {
        long cases = 0;
        long failed = 0;
        String firstFailure = null;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Optional<String> failure = failure(file, number, line, check);
                cases++;
                failed += failure.isPresent() ? 1 : 0;
                firstFailure = firstFailure == null ? failure.orElse(null) : firstFailure;
            }
        }
        return new VectorKind.Report(file.toString(), kind, cases, failed, firstFailure);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
    }

    private static Optional<String> failure(
            Path file, long number, String line, Function<JsonNode, Optional<String>> check) throws IOException {
        try {
            return check.apply(MAPPER.readTree(line));
        } catch (JsonProcessingException e) {
            throw new IOException(file + ":" + number + ": no JSON object: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }

    /** The fields of an array of so many numbers. */
    static JsonNode row(JsonNode parent, String name, int size) {
        return sized(parent.path(name), name, size);
    }

    static JsonNode sized(JsonNode row, String name, int size) {
        if (!row.isArray() || row.size() != size) {
            throw new IllegalArgumentException(name + " must be an array of " + size + ": " + row);
        }
        return row;
    }

    /** A number of 0..2^64-1, as bits. */
    static long u64(JsonNode node) {
        return unsigned(node, Long.SIZE).longValue();
    }

    /** A number of 0..2^32-1. */
    static long u32(JsonNode node) {
        return unsigned(node, Integer.SIZE).longValue();
    }

    /** A number of 0..65535. */
    static int u16(JsonNode node) {
        return unsigned(node, Short.SIZE).intValue();
    }

    /** A number of 0..255. */
    static int u8(JsonNode node) {
        return unsigned(node, Byte.SIZE).intValue();
    }

    /** A signed long. */
    static long i64(JsonNode node) {
        BigInteger value = whole(node);
        if (value.bitLength() > Long.SIZE - 1) {
            throw new IllegalArgumentException("a number must fit in i64: " + node);
        }
        return value.longValue();
    }

    private static BigInteger unsigned(JsonNode node, int bits) {
        BigInteger value = whole(node);
        if (value.signum() < 0 || value.bitLength() > bits) {
            throw new IllegalArgumentException("a number must fit in u" + bits + ": " + node);
        }
        return value;
    }

    private static BigInteger whole(JsonNode node) {
        if (!node.isIntegralNumber()) {
            throw new IllegalArgumentException("a whole number was expected: " + node);
        }
        return node.bigIntegerValue();
    }
}
