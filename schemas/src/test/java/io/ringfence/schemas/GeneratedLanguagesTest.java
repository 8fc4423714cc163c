package io.ringfence.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringfence.schemas.SchemaXml.Item;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import uk.co.real_logic.sbe.SbeTool;

/** Runs the schema through SBE's other generators, so that clients in C++ and Rust are never an afterthought. */
@Tag("system")
@Tag("once")
class GeneratedLanguagesTest {
    private static final int LIMIT_S = 60;
    private static final Path SOURCE = Path.of("src", "main", "resources", "ringfence.xml");
    private static final Path PAGE = Path.of(System.getProperty("ringfence.root", ".."), "docs", "PROTOCOL.md");
    private static final String PACKAGE = "io_ringfence_schemas";

    @TempDir
    private Path directory;

    @Test
    void shouldGenerateCppThatCompiles() throws IOException, InterruptedException, URISyntaxException {
        Path headers = generate("Cpp").resolve(PACKAGE);

        for (Item message : SchemaXml.read().messages()) {
            assertTrue(Files.size(headers.resolve(message.name() + ".h")) > 0, message::name);
        }

        assumeToolOnPath("g++");
        Path main = Files.writeString(directory.resolve("all.cpp"), includeAll(headers));
        run("g++", "-std=c++17", "-fsyntax-only", "-I", headers.toString(), main.toString());
    }

    @Test
    void shouldGenerateRustThatCompiles() throws IOException, InterruptedException, URISyntaxException {
        Path sources = generate("Rust").resolve(PACKAGE).resolve("src");

        for (Item message : SchemaXml.read().messages()) {
            assertTrue(Files.size(sources.resolve(snakeCase(message.name()) + "_codec.rs")) > 0, message::name);
        }

        assumeToolOnPath("rustc");
        run(
                "rustc",
                "--edition",
                "2021",
                "--crate-type",
                "lib",
                "--emit",
                "metadata",
                "--out-dir",
                directory.toString(),
                sources.resolve("lib.rs").toString());
    }

    private Path generate(String language) throws IOException, InterruptedException, URISyntaxException {
        Path output = Files.createDirectories(directory.resolve(language));
        run(documented()
                .replace("java ", Path.of(System.getProperty("java.home"), "bin", "java") + " ")
                .replace("=Cpp", "=" + language)
                .replace("=generated", "=" + output)
                .replace(
                        "sbe-tool.jar:agrona.jar",
                        jarOf(SbeTool.class) + File.pathSeparator + jarOf(DirectBuffer.class))
                .replace("schemas/src/main/resources/ringfence.xml", SOURCE.toString())
                .split(" "));
        return output;
    }

    /** The command of the protocol page, by which a stranger generates codecs. */
    private static String documented() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("java ") && line.contains(SbeTool.class.getName()))
                .findFirst()
                .orElseThrow();
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = directory.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS), () -> "still running: " + List.of(command));
            assertEquals(0, process.exitValue(), Files.readString(log));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String includeAll(Path headers) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(headers)) {
            files.sorted()
                    .forEach(file -> text.append("#include \"")
                            .append(file.getFileName())
                            .append("\"\n"));
        }
        return text.append("int main() { return 0; }\n").toString();
    }

    private static void assumeToolOnPath(String tool) {
        boolean isThere = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, tool)));
        if (!isThere) {
            System.out.println("Skipped: generated code is not compiled, for " + tool + " is not on the path.");
        }
        assumeTrue(isThere);
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }
}
