package io.ringfence.gateway;

import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ConfigFault;
import io.ringfence.gateway.replay.PolicyHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The file {@code active-policy.yaml} of a data directory: text of the policy in force, where the configured file is another. */
public final class ActivePolicyFile {
    /** Name in the data directory. */
    public static final String NAME = "active-policy.yaml";

    private ActivePolicyFile() {}

    /**
     * Writes it, whole or not at all.
     *
     * @param history whose policy in force it is.
     * @return where it is; absolute.
     * @throws IOException when it cannot be written, or when the text that the journal has is not that of the policy.
     */
    public static Path write(Path directory, PolicyHistory history) throws IOException {
        Path made = directory.resolve(NAME + ".new");
        Path file = directory.resolve(NAME).toAbsolutePath().normalize();
        try (FileChannel channel = FileChannel.open(
                made, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(history.source()));
            channel.force(true);
        }
        if (!isText(made, history)) {
            Files.delete(made);
            throw new IOException("the text that was sent with it is that of another policy");
        }
        return Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Does this file compile to the policy in force, with its names? */
    static boolean isText(Path file, PolicyHistory history) {
        try {
            return history.isOf(CompiledPolicy.read(file));
        } catch (ConfigFault unreadable) {
            return false;
        }
    }
}
