package io.ringfence.gateway;

import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.transport.aeron.DriverDirectory;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * The file {@code run.properties} of a data directory. It tells other processes of the machine how to reach the engine that
 * runs there, and stays when that engine ends.
 *
 * @param processId       of the engine.
 * @param aeronDirectory  of its media driver.
 * @param requestStreamId on which it listens.
 * @param policyFile      that it started with; absolute.
 * @param accountsFile    that it started with; absolute.
 */
public record RunFile(long processId, Path aeronDirectory, int requestStreamId, Path policyFile, Path accountsFile) {
    /** Name in the data directory. */
    public static final String NAME = "run.properties";

    private static final String PROCESS_ID = "process_id";
    private static final String AERON_DIRECTORY = "aeron_directory";
    private static final String REQUEST_STREAM_ID = "request_stream_id";
    private static final String POLICY_FILE = "policy_file";
    private static final String ACCOUNTS_FILE = "accounts_file";

    /** Run file of an engine in this process. */
    public static RunFile of(Ringfence engine, ServerConfig config) {
        return new RunFile(
                ProcessHandle.current().pid(),
                Path.of(engine.aeronDirectory()),
                config.requestStreamId(),
                config.policyFile().toAbsolutePath().normalize(),
                config.accountsFile().toAbsolutePath().normalize());
    }

    /**
     * Reads the file of a data directory.
     *
     * @return empty if there is none.
     * @throws IOException if it cannot be read or lacks a field.
     */
    public static Optional<RunFile> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return Optional.of(new RunFile(
                    Long.parseLong(value(properties, PROCESS_ID)),
                    Path.of(value(properties, AERON_DIRECTORY)),
                    Integer.parseInt(value(properties, REQUEST_STREAM_ID)),
                    Path.of(value(properties, POLICY_FILE)),
                    Path.of(value(properties, ACCOUNTS_FILE))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (CharacterCodingException noText) {
            throw notWritten(file, "it is no text", noText);
        } catch (IllegalArgumentException wrong) {
            throw notWritten(file, wrong.getMessage(), wrong);
        }
    }

    private static IOException notWritten(Path file, String reason, Exception cause) {
        return new IOException(file + ": must be as an engine writes it: " + reason, cause);
    }

    private static String value(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + key);
        }
        return value;
    }

    /** Writes it into a data directory, whole or not at all. */
    public void write(Path directory) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(PROCESS_ID, Long.toString(processId));
        properties.setProperty(AERON_DIRECTORY, aeronDirectory.toString());
        properties.setProperty(REQUEST_STREAM_ID, Integer.toString(requestStreamId));
        properties.setProperty(POLICY_FILE, policyFile.toString());
        properties.setProperty(ACCOUNTS_FILE, accountsFile.toString());
        Path made = directory.resolve(NAME + ".new");
        try (Writer writer = Files.newBufferedWriter(made)) {
            properties.store(writer, null);
        }
        Files.move(made, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes the driver's directory that the process left when it was killed, if no configuration names it and nobody owns it now. */
    public void clearLeftovers(Path dataDirectory) {
        if (DriverDirectory.isFresh(aeronDirectory)) {
            DriverDirectory.clear(aeronDirectory, dataDirectory);
        }
    }
}
