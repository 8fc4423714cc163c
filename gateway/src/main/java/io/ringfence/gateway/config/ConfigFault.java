package io.ringfence.gateway.config;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A fault in a file that a person wrote: file, line, field and the broken rule.
 *
 * <p>Prints as {@code file:line: field: rule}, always one line.
 */
public final class ConfigFault extends RuntimeException {
    /** The fault is about the file as a whole. */
    public static final int NO_LINE = 0;

    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final String field;
    private final String rule;

    /**
     * A fault in a line of a file.
     *
     * @param file  name of the file as the person gave it.
     * @param line  from 1; {@link #NO_LINE} when the whole file is meant.
     * @param field that is wrong, with dots between the levels.
     * @param rule  what was expected, then what was found.
     */
    public ConfigFault(String file, int line, String field, String rule) {
        super(text(file, line, field, rule));
        this.file = file;
        this.line = line;
        this.field = Objects.requireNonNull(field);
        this.rule = rule;
    }

    /** A fault of a whole file. */
    public static ConfigFault ofFile(Path file, String rule) {
        return new ConfigFault(file.toString(), NO_LINE, "file", rule);
    }

    /** Name of the file as the person gave it. */
    public String file() {
        return file;
    }

    /** Line from 1; {@link #NO_LINE}: the whole file. */
    public int line() {
        return line;
    }

    /** Field that is wrong, with dots between the levels. */
    public String field() {
        return field;
    }

    /** What was expected, then what was found. */
    public String rule() {
        return rule;
    }

    private static String text(String file, int line, String field, String rule) {
        String where = line == NO_LINE ? file : file + ':' + line;
        return (where + ": " + field + ": " + rule).replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
