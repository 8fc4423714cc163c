package io.ringfence.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Knows the files that ship with this program and its version. */
public final class Installation implements IVersionProvider {
    private static final String HOME = "ringfence.home";
    private static final String BUILD = "build.properties";

    /** A file that ships, such as {@code policies/venues.yaml}. Without a launcher the current directory counts as the root. */
    public static Path conf(String name) {
        Path file = Path.of(System.getProperty(HOME, ""), "conf").resolve(name).normalize();
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }

    /** Version of the project, from its pom. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream stream = Installation.class.getResourceAsStream(BUILD)) {
            properties.load(stream);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return properties.getProperty("version");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "ringfence " + version() + " on Java " + Runtime.version().feature()
        };
    }
}
