package io.ringfence.tools.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds pages and sources of all modules in the tree that is being built. */
final class SourceTree {
    static final Path ROOT = Path.of(System.getProperty("ringfence.root"));

    private static final List<String> MODULES =
            List.of("schemas", "gateway/client", "engine", "journal", "gateway", "tools", "perf");

    private SourceTree() {}

    /** Text of a file, named from the root. */
    static String text(String path) {
        return text(ROOT.resolve(path));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file of this ending below {@code src/main} or {@code src/test} of any module. */
    static List<Path> sources(String sourceSet, String suffix) {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            files.addAll(below(ROOT.resolve(module).resolve("src").resolve(sourceSet), suffix));
        }
        return files;
    }

    /** Every page: those at the root and those below {@code docs}. */
    static List<Path> pages() {
        List<Path> pages = new ArrayList<>(below(ROOT.resolve("docs"), ".md"));
        try (Stream<Path> files = Files.list(ROOT)) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    private static List<Path> below(Path directory, String suffix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
