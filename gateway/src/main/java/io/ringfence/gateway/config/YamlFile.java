package io.ringfence.gateway.config;

import io.ringfence.journal.fault.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a YAML file into values that know their lines. */
public final class YamlFile {
    private static final int LENGTH_MAX = 8 << 20;

    private final Path path;
    private final byte[] source;
    private final YamlMapping root;

    private YamlFile(Path path, byte[] source) {
        this.path = path;
        this.source = source;
        this.root = new YamlValue(path.toString(), "file", compose(path, text(path, source))).mapping();
    }

    /**
     * Reads a file whole.
     *
     * @throws ConfigFault if there is none, it is not UTF-8, not YAML, or not a mapping at its top.
     */
    public static YamlFile read(Path path) {
        String otherwise = RegularFile.otherwise(path);
        if (otherwise != null) {
            throw ConfigFault.ofFile(path, "must be a file: " + otherwise);
        }
        try {
            if (Files.size(path) > LENGTH_MAX) {
                throw ConfigFault.ofFile(path, "must be at most " + LENGTH_MAX + " bytes: " + Files.size(path));
            }
            return new YamlFile(path, Files.readAllBytes(path));
        } catch (IOException refused) {
            boolean isDenied = refused instanceof AccessDeniedException;
            throw ConfigFault.ofFile(
                    path, "must be readable: " + (isDenied ? "permission denied" : refused.getMessage()));
        }
    }

    /** The path as it was given. */
    public Path path() {
        return path;
    }

    /** The bytes as they were read. */
    public byte[] source() {
        return source.clone();
    }

    /** The keys at the top. */
    public YamlMapping root() {
        return root;
    }

    /** A path in this file: relative ones start at the file's own folder. */
    public Path resolve(String relative) {
        return path.resolveSibling(relative).normalize();
    }

    private static String text(Path path, byte[] source) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw ConfigFault.ofFile(path, "must be UTF-8 text: " + notUtf8.getMessage());
        }
    }

    private static Node compose(Path path, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(path.toString())
                .setUseMarks(true)
                .build();
        try {
            Optional<Node> node = new Compose(settings).composeString(text);
            return node.orElseThrow(() -> ConfigFault.ofFile(path, "must be a mapping of keys to values: it is empty"));
        } catch (MarkedYamlEngineException wrong) {
            int line = wrong.getProblemMark().map(mark -> mark.getLine() + 1).orElse(ConfigFault.NO_LINE);
            throw new ConfigFault(path.toString(), line, "yaml", "must be YAML: " + wrong.getProblem());
        } catch (YamlEngineException wrong) {
            throw ConfigFault.ofFile(path, "must be YAML: " + wrong.getMessage());
        }
    }
}
