package io.ringfence.gateway;

import io.ringfence.gateway.client.GatewayAddress;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.transport.aeron.DriverDirectory;
import java.io.IOException;
import java.io.Writer;
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
 * @param processId    of the engine.
 * @param gateway      where it listens.
 * @param policyFile   that it started with; absolute.
 * @param accountsFile that it started with; absolute.
 */
public record RunFile(long processId, GatewayAddress gateway, Path policyFile, Path accountsFile) {
    /** Name in the data directory. */
    public static final String NAME = GatewayAddress.FILE_NAME;

    private static final String PROCESS_ID = "process_id";
    private static final String POLICY_FILE = "policy_file";
    private static final String ACCOUNTS_FILE = "accounts_file";

    /** Run file of an engine in this process. */
    public static RunFile of(Ringfence engine, ServerConfig config) {
        return new RunFile(
                ProcessHandle.current().pid(),
                new GatewayAddress(Path.of(engine.aeronDirectory()), config.requestStreamId()),
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
        try {
            return Optional.of(GatewayAddress.read(directory.resolve(NAME), RunFile::of));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private static RunFile of(Properties properties) {
        return new RunFile(
                Long.parseLong(GatewayAddress.value(properties, PROCESS_ID)),
                GatewayAddress.of(properties),
                Path.of(GatewayAddress.value(properties, POLICY_FILE)),
                Path.of(GatewayAddress.value(properties, ACCOUNTS_FILE)));
    }

    /** Writes it into a data directory, whole or not at all. */
    public void write(Path directory) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(PROCESS_ID, Long.toString(processId));
        gateway.put(properties);
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
        if (DriverDirectory.isFresh(gateway.aeronDirectory())) {
            DriverDirectory.clear(gateway.aeronDirectory(), dataDirectory);
        }
    }
}
