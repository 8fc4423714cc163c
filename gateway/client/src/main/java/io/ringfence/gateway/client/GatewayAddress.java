package io.ringfence.gateway.client;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Function;

/**
 * Where a gateway listens. Each start of a server writes it anew into the file {@code run.properties} of its journal's directory, because
 * the media driver's directory has another name at each start.
 *
 * @param aeronDirectory  of the gateway's media driver.
 * @param requestStreamId on which the gateway listens.
 */
public record GatewayAddress(Path aeronDirectory, int requestStreamId) {
    /** Name of the file in the journal's directory. */
    public static final String FILE_NAME = "run.properties";

    private static final String AERON_DIRECTORY = "aeron_directory";
    private static final String REQUEST_STREAM_ID = "request_stream_id";

    /**
     * Reads the file that a server wrote. It has more than an address, so the caller says what it wants of it.
     *
     * @param reading throws IllegalArgumentException when something lacks.
     * @throws java.nio.file.NoSuchFileException when there is none.
     * @throws IOException                       in one line, when it cannot be read or is not as a server writes it.
     */
    public static <T> T read(Path file, Function<Properties, T> reading) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw notWritten(file, "it is no regular file", null); // To open a FIFO waits for its other end.
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return reading.apply(properties);
        } catch (CharacterCodingException noText) {
            throw notWritten(file, "it is no text", noText);
        } catch (IllegalArgumentException wrong) {
            throw notWritten(file, wrong.getMessage(), wrong);
        }
    }

    private static IOException notWritten(Path file, String reason, Exception cause) {
        return new IOException(file + ": must be as an engine writes it: " + reason, cause);
    }

    /** The address among the properties of the file. */
    public static GatewayAddress of(Properties properties) {
        return new GatewayAddress(
                Path.of(value(properties, AERON_DIRECTORY)), Integer.parseInt(value(properties, REQUEST_STREAM_ID)));
    }

    /** Adds the address to the properties of the file. */
    public void put(Properties properties) {
        properties.setProperty(AERON_DIRECTORY, aeronDirectory.toString());
        properties.setProperty(REQUEST_STREAM_ID, Integer.toString(requestStreamId));
    }

    /**
     * A value that the file must have.
     *
     * @throws IllegalArgumentException when it has none.
     */
    public static String value(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + key);
        }
        return value;
    }
}
