package io.ringfence.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.RunFile;
import io.ringfence.gateway.config.ServerConfig;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client of the README, as a program with the class path of the client module and nothing else, asks a gateway that serves the
 * shipped policy and accounts.
 */
@Tag("system")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClientExampleTest {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));
    private static final Path CONF = ROOT.resolve("conf");
    private static final Path CLIENT_TARGET = ROOT.resolve("gateway/client/target");

    @TempDir
    Path directory;

    @Test
    void shouldAnswerAProgramThatCarriesTheClientModuleAlone() throws Exception {
        ServerConfig config = config();
        try (Ringfence ringfence = Ringfence.start(config)) {
            RunFile.of(ringfence, config).write(config.dataDir());
            Process program = startExample(config.dataDir().toString());
            try {
                assertTrue(program.waitFor(50, TimeUnit.SECONDS), "the program does not end");
                String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertTrue(output.matches("send to [0-9]+\\R"), output);
                assertEquals(0, program.exitValue());
            } finally {
                program.destroyForcibly();
            }
        }
    }

    private static Process startExample(String journal) throws IOException {
        String classPath = String.join(
                File.pathSeparator,
                CLIENT_TARGET.resolve("classes").toString(),
                CLIENT_TARGET.resolve("test-classes").toString(),
                Files.readString(CLIENT_TARGET.resolve("runtime-class-path.txt"))
                        .strip());
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", // All that the client's libraries need.
                        "-cp",
                        classPath,
                        "io.ringfence.gateway.client.ClientExample",
                        journal))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private ServerConfig config() throws IOException {
        Path file = directory.resolve("ringfence.yaml");
        Files.writeString(
                file,
                "data_dir: " + directory.resolve("data") + "\nmode: compact\nring_size: 64\nwait_strategy: sleeping"
                        + "\npolicy: " + CONF.resolve("policies/venues.yaml") + "\naccounts: "
                        + CONF.resolve("accounts.yaml") + "\naeron:\n  directory: " + directory.resolve("aeron")
                        + "\ndisk:\n  headroom: 1MiB\n");
        return ServerConfig.read(file);
    }
}
