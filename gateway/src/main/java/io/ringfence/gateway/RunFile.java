package io.ringfence.gateway;

import io.ringfence.gateway.client.GatewayAddress;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.ActivePolicy;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.gateway.transport.aeron.DriverDirectory;
import io.ringfence.journal.fault.JournalException;
import io.ringfence.journal.fault.RegularFile;
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
 * @param policyFile   that is configured; absolute. A start takes the policy in force from no other file.
 * @param accountsFile that it started with; absolute.
 * @param policy       in force; null in the file of an older build.
 * @param activePolicyFile text of the policy in force; absolute. The configured one until a person puts another policy into force.
 */
public record RunFile(
        long processId,
        GatewayAddress gateway,
        Path policyFile,
        Path accountsFile,
        ActivePolicy policy,
        Path activePolicyFile) {
    /** Name in the data directory. */
    public static final String NAME = GatewayAddress.FILE_NAME;

    private static final String PROCESS_ID = "process_id";
    private static final String POLICY_FILE = "policy_file";
    private static final String ACCOUNTS_FILE = "accounts_file";
    private static final String ACTIVE_POLICY_FILE = "active_policy_file";
    private static final String POLICY_EPOCH = "policy_epoch";
    private static final String POLICY_SEQUENCE = "policy_sequence";
    private static final String POLICY_DIGEST = "policy_digest";

    /** Run file of an engine in this process. */
    public static RunFile of(Ringfence engine, ServerConfig config) {
        Path policyFile = config.policyFile().toAbsolutePath().normalize();
        return new RunFile(
                ProcessHandle.current().pid(),
                new GatewayAddress(Path.of(engine.aeronDirectory()), config.requestStreamId()),
                policyFile,
                config.accountsFile().toAbsolutePath().normalize(),
                engine.counters().policy(),
                policyFile);
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
                Path.of(GatewayAddress.value(properties, ACCOUNTS_FILE)),
                policyOf(properties),
                Path.of(properties.getProperty(ACTIVE_POLICY_FILE, GatewayAddress.value(properties, POLICY_FILE))));
    }

    private static ActivePolicy policyOf(Properties properties) {
        if (!properties.containsKey(POLICY_EPOCH)) {
            return null;
        }
        return new ActivePolicy(
                Long.parseLong(GatewayAddress.value(properties, POLICY_EPOCH)),
                Long.parseLong(GatewayAddress.value(properties, POLICY_SEQUENCE)),
                GatewayAddress.value(properties, POLICY_DIGEST));
    }

    /**
     * The file after another policy came into force while the engine served. The text of that policy, which the journal has, is
     * written into the data directory unless the configured file is this policy.
     *
     * @return empty if the record of its activation cannot be read yet: look again.
     * @throws IOException      when the text cannot be written, or is not that of the policy.
     * @throws JournalException when the journal cannot be read.
     */
    public Optional<RunFile> followed(ActivePolicy active, Path directory) throws IOException {
        PolicyHistory history = PolicyHistory.before(directory, active.sequence());
        if (history.activationSequence() != active.sequence()) {
            return Optional.empty();
        }
        boolean isConfigured = ActivePolicyFile.isText(policyFile, history);
        Path text = isConfigured ? policyFile : ActivePolicyFile.write(directory, history);
        return Optional.of(with(active, text));
    }

    /** The same with another policy in force. */
    public RunFile with(ActivePolicy active, Path text) {
        return new RunFile(processId, gateway, policyFile, accountsFile, active, text);
    }

    /** Is the configured file the policy in force? Else the next start refuses it. */
    public boolean isConfiguredActive() {
        return policyFile.equals(activePolicyFile);
    }

    /** Writes it into a data directory, whole or not at all. */
    public void write(Path directory) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(PROCESS_ID, Long.toString(processId));
        gateway.put(properties);
        properties.setProperty(POLICY_FILE, policyFile.toString());
        properties.setProperty(ACCOUNTS_FILE, accountsFile.toString());
        properties.setProperty(ACTIVE_POLICY_FILE, activePolicyFile.toString());
        if (policy != null) {
            properties.setProperty(POLICY_EPOCH, Long.toString(policy.epoch()));
            properties.setProperty(POLICY_SEQUENCE, Long.toString(policy.sequence()));
            properties.setProperty(POLICY_DIGEST, policy.digest());
        }
        Path made = directory.resolve(NAME + ".new");
        try (Writer writer = Files.newBufferedWriter(RegularFile.require(made, "a run file"))) {
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
