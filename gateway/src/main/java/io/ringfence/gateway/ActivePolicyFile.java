package io.ringfence.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file {@code active-policy.yaml} of a data directory: text of the policy in force, where the configured file is another. */
public final class ActivePolicyFile {
    /** Name in the data directory. */
    public static final String NAME = "active-policy.yaml";

    private ActivePolicyFile() {}

    /**
     * Writes it, whole or not at all.
     *
     * @param source text of the policy as the journal has it.
     * @return where it is; absolute.
     */
    public static Path write(Path directory, byte[] source) throws IOException {
        Path made = directory.resolve(NAME + ".new");
        Path file = directory.resolve(NAME).toAbsolutePath().normalize();
        Files.write(made, source);
        return Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
