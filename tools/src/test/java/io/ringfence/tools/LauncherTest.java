package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code bin/ringfence} in a tree of its own, with a java and a mvn that only say what they were asked. */
class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));

    @TempDir
    Path folder;

    private Path tree;
    private Path java;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void setUp() throws IOException {
        tree = Files.createDirectories(folder.resolve("a tree"));
        Files.createDirectories(tree.resolve("bin"));
        Files.copy(ROOT.resolve("bin/ringfence"), tree.resolve("bin/ringfence"));
        executable(tree.resolve("bin/ringfence"));
        java = fakeJava("21.0.1");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("RINGFENCE_JAVA", java.toString());
    }

    @Test
    void shouldRunFromAnyDirectoryAndThroughALink() throws Exception {
        built();
        Path elsewhere = Files.createDirectories(folder.resolve("else/where"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("rf"), tree.resolve("bin/ringfence"));

        Ran ran = run(elsewhere, link.toString(), "policy", "check", "two words");

        assertEquals(0, ran.exitCode(), ran.err());
        assertEquals("", ran.err());
        List<String> args = ran.out().lines().toList();
        Path root = tree.toRealPath();
        int classPath = args.indexOf("-cp");
        assertEquals(
                root + "/tools/target/ringfence-tools.jar:" + root + "/tools/target/lib/*", args.get(classPath + 1));
        assertEquals(
                List.of("io.ringfence.tools.RingfenceCommand", "policy", "check", "two words"),
                args.subList(classPath + 2, args.size()));
    }

    @Test
    void shouldSetTheFlagsOfTheRootPom() throws Exception {
        built();
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Matcher flags = Pattern.compile("<ringfence.jvm.flags>(.*?)</ringfence.jvm.flags>", Pattern.DOTALL)
                .matcher(pom);
        assertTrue(flags.find());

        Ran ran = run(folder, tree.resolve("bin/ringfence").toString());

        List<String> args = ran.out().lines().toList();
        List<String> expected =
                new ArrayList<>(Arrays.asList(flags.group(1).strip().split("\\s+")));
        expected.add("-Dringfence.home=" + tree.toRealPath());
        expected.add("-Dringfence.terminal=false");
        assertEquals(expected, args.subList(0, args.indexOf("-cp")));
    }

    @Test
    void shouldBuildOnceIfNeedBeSayingSo() throws Exception {
        Path mvn =
                script("mvn", "echo \"mvn $*\" >&2; mkdir -p tools/target/lib; : > tools/target/ringfence-tools.jar");
        environment.put("PATH", mvn.getParent() + ":/usr/bin:/bin");

        Ran first = run(folder, tree.resolve("bin/ringfence").toString());
        Ran second = run(folder, tree.resolve("bin/ringfence").toString());

        assertEquals(0, first.exitCode());
        assertTrue(
                first.err().startsWith("ringfence: not built yet: running mvn -q -B -DskipTests package in "),
                first::err);
        assertTrue(first.err().endsWith("mvn -q -B -DskipTests package\n"), first::err);
        assertEquals(first.out(), second.out());
        assertEquals("", second.err());
    }

    @Test
    void shouldPassOnNoColoursOfTheBuildToWhatIsNoTerminal() throws Exception {
        Path mvn = script(
                "mvn", "printf '\\033[0m\\033[1;31mERROR\\033[m no'; printf '\\033[32mway\\033[m\\n' >&2; exit 1");
        environment.put("PATH", mvn.getParent() + ":/usr/bin:/bin");

        Ran ran = run(folder, tree.resolve("bin/ringfence").toString());

        assertEquals(ExitCode.ENVIRONMENT_FAILED, ran.exitCode());
        assertTrue(ran.err().contains("ERROR noway\n"), ran::err);
        assertFalse(ran.err().contains("\033"), ran::err);
    }

    @Test
    void shouldSayWhenItCannotBuild() throws Exception {
        Path mvn = script("mvn", "exit 1");
        environment.put("PATH", mvn.getParent() + ":/usr/bin:/bin");

        Ran ran = run(folder, tree.resolve("bin/ringfence").toString());

        assertEquals(ExitCode.ENVIRONMENT_FAILED, ran.exitCode());
        assertTrue(ran.err().endsWith("ringfence: the build failed: see above\n"), ran::err);
        assertEquals("", ran.out());
    }

    @Test
    void shouldRefuseAJavaThatIsTooOldOrMissing() throws Exception {
        built();
        environment.put("RINGFENCE_JAVA", fakeJava("11.0.2").toString());
        Ran old = run(folder, tree.resolve("bin/ringfence").toString());
        environment.put("RINGFENCE_JAVA", fakeJava("1.8.0_392").toString());
        Ran ancient = run(folder, tree.resolve("bin/ringfence").toString());
        environment.put("RINGFENCE_JAVA", "/no/such/java");
        Ran none = run(folder, tree.resolve("bin/ringfence").toString());

        assertEquals(ExitCode.ENVIRONMENT_FAILED, old.exitCode());
        assertTrue(
                old.err().startsWith("ringfence: Java 17 or later is needed: RINGFENCE_JAVA names 11.0.2 at "),
                old::err);
        assertTrue(ancient.err().contains("names 1.8.0_392 at "), ancient::err);
        assertEquals(
                "ringfence: Java 17 or later is needed: RINGFENCE_JAVA names no java: /no/such/java\n", none.err());
        assertEquals(1, old.err().lines().count());
    }

    @Test
    void shouldTakeTheJavaOfJavaHomeBeforeThePath() throws Exception {
        built();
        environment.remove("RINGFENCE_JAVA");
        Path home = Files.createDirectories(folder.resolve("jdk/bin")).getParent();
        Files.move(fakeJava("17.0.1"), home.resolve("bin/java"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.1\"\n");
        environment.put("JAVA_HOME", home.toString());

        Ran ran = run(folder, tree.resolve("bin/ringfence").toString());

        assertEquals(0, ran.exitCode(), ran.err());
    }

    /** The words of the command line come from a script in UTF-8, whatever the locale of this JVM. */
    @Test
    void shouldServeInADirectoryOfOtherLettersUnderThePosixLocale() throws Exception {
        builtOfTheClassesUnderTest();
        environment.put("LC_ALL", "C");
        environment.put(
                "RINGFENCE_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path script = script(
                "serve",
                "\"$1\" serve --config \"$2\" --dir journal-ä數 > ready &\n"
                        + "for turn in $(seq 2000); do [ -s ready ] && break; kill -0 $! || exit 1; sleep 0.1; done\n"
                        + "kill $!; wait $! && cat ready && \"$1\" verify --json journal-ä數 && ls && rm -r journal-ä數");

        Ran ran = run(
                folder,
                script.toString(),
                tree.resolve("bin/ringfence").toString(),
                ROOT.resolve("conf/ringfence.yaml").toString());

        assertEquals(0, ran.exitCode(), ran.out() + ran.err());
        assertTrue(ran.out().startsWith("ringfence: serving journal-ä數: process "), ran::out);
        assertTrue(ran.out().contains("\"ok\":true"), ran::out);
        assertTrue(ran.out().lines().anyMatch("journal-ä數"::equals), ran::out);
    }

    /** A jar that only names the class path of this JVM. */
    private void builtOfTheClassesUnderTest() throws IOException {
        Files.createDirectories(tree.resolve("tools/target/lib"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toASCIIString())
                                .collect(Collectors.joining(" ")));
        Path jar = tree.resolve("tools/target/ringfence-tools.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    private void built() throws IOException {
        Files.createDirectories(tree.resolve("tools/target/lib"));
        Files.createFile(tree.resolve("tools/target/ringfence-tools.jar"));
    }

    private Path fakeJava(String version) throws IOException {
        return script(
                "java",
                "if [ \"$1\" = -version ]; then echo \"openjdk version \\\"" + version + "\\\"\" >&2; exit 0; fi\n"
                        + "for arg in \"$@\"; do echo \"$arg\"; done");
    }

    private Path script(String name, String body) throws IOException {
        Path script = Files.createTempDirectory(folder, name).resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        return executable(script);
    }

    private static Path executable(Path file) {
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private Ran run(Path directory, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        List<String> line = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\""));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(240, TimeUnit.SECONDS));
        return new Ran(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private record Ran(int exitCode, String out, String err) {}
}
