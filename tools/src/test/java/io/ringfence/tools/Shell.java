package io.ringfence.tools;

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

    /** Standard error. */
    public String err() {
        return err.toString();
    }
}
