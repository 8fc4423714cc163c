package io.ringfence.tools;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Knows which build this is. */
public final class Build implements IVersionProvider {
    private static final String RESOURCE = "build.properties";

    /** Version of the project, as its pom says it. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream stream = Build.class.getResourceAsStream(RESOURCE)) {
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
