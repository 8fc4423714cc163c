package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs one command in this process, as a shell would. */
public final class Shell {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final int exitCode;

    private final String folder;

    /** Runs it. */
    public Shell(String... args) {
        this("", args);
    }

    private Shell(String folder, String... args) {
        this.folder = folder;
        CommandLine line = RingfenceCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        exitCode = line.execute(args);
    }

    /**
     * Runs it as {@link ChildProcess#run} does in a folder, without the second of work that the start of a process takes. A word that names
     * what is in the folder stands for that, and what is printed names it in the same way.
     */
    public static Shell in(Path folder, String... args) {
        System.setProperty("ringfence.home", System.getProperty("ringfence.root"));
        String[] words = Stream.of(args)
                .map(word -> !word.isEmpty() && Files.exists(folder.resolve(word))
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        return new Shell(folder + File.separator, words);
    }

    /** What the process would end with. */
    public int exitCode() {
        return exitCode;
    }

    /** Standard output. */
    public String out() {
        return out.toString().replace(folder, "");
    }

    /** Standard output of one that succeeded, as one JSON object. */
    public JsonNode json() {
        assertEquals(ExitCode.DONE, exitCode, this::err);
        try {
            return new ObjectMapper().readTree(out());
        } catch (JsonProcessingException wrong) {
            throw new AssertionError("standard output is one JSON object: " + out(), wrong);
        }
    }

    /** Standard error. */
    public String err() {
        return err.toString().replace(folder, "");
    }
}
