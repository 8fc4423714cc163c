package io.ringfence.gateway.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program carries that uses the client: the class path as Maven resolves it, transitive dependencies included. */
class ClientClassPathTest {
    private static final Path MODULE = Path.of(System.getProperty("ringfence.root"), "gateway", "client");

    private final List<Path> runtime = runtimeClassPath();

    @Test
    void shouldCarrySchemasAeronClientAndAgronaOnly() {
        TreeSet<String> carried = new TreeSet<>();
        runtime.forEach(entry -> carried.add(artifact(entry)));

        assertEquals(
                new TreeSet<>(List.of("aeron-annotations", "aeron-client", "agrona", "ringfence-schemas")), carried);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.ringfence.engine.pipeline.Engine",
                "io.ringfence.journal.JournalDirectory",
                "io.ringfence.gateway.Ringfence",
                "net.openhft.chronicle.queue.ChronicleQueue",
                "com.lmax.disruptor.RingBuffer",
                "io.aeron.driver.MediaDriver",
                "org.snakeyaml.engine.v2.api.Load"
            })
    void shouldNotFindWhatOnlyAServerNeeds(String server) throws Exception {
        try (URLClassLoader program = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
            assertNotNull(program.loadClass("io.ringfence.gateway.client.RingfenceClient"));
            assertThrows(ClassNotFoundException.class, () -> program.loadClass(server));
        }
    }

    private URL[] urls() {
        return Stream.concat(Stream.of(MODULE.resolve("target/classes")), runtime.stream())
                .map(ClientClassPathTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> runtimeClassPath() {
        try {
            String entries = Files.readString(MODULE.resolve("target/runtime-class-path.txt"));
            return Stream.of(entries.strip().split(File.pathSeparator))
                    .map(Path::of)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("the build writes it before the tests", e);
        }
    }

    /** Name of a jar without its version; a module that is not packed yet is named by its folder. */
    private static String artifact(Path entry) {
        if (entry.endsWith(Path.of("target", "classes"))) {
            return "ringfence-" + entry.getName(entry.getNameCount() - 3);
        }
        return entry.getFileName().toString().replaceFirst("-[0-9].*", "");
    }
}
