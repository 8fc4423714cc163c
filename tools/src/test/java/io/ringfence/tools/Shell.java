package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs one command in this process, as a shell would. */
public final class Shell {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final int exitCode;

    /** Runs it. */
    public Shell(String... args) {
        CommandLine line = RingfenceCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        exitCode = line.execute(args);
    }

    /** What the process would end with. */
    public int exitCode() {
        return exitCode;
    }

    /** Standard output. */
    public String out() {
        return out.toString();
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
        return err.toString();
    }
}
