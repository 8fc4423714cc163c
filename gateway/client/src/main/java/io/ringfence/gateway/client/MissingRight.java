package io.ringfence.gateway.client;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Finds which right on which file this process lacks. Files may be made or changed meanwhile, so an answer is of this moment. Safe from any
 * thread.
 */
public final class MissingRight {
    private MissingRight() {}

    /**
     * The first right that is lacking to read, and to write, a file, or a directory with what is in it.
     *
     * @param file      need not exist.
     * @param isWritten is it also to be written?
     * @return one line: the file or the directory above it that refuses, the user and the right; null when nothing is lacking, as far as can
     *         be seen.
     */
    public static String find(Path file, boolean isWritten) {
        Path whole = file.toAbsolutePath().normalize();
        for (int names = 0; names < whole.getNameCount(); names++) {
            Path above = names == 0 ? whole.getRoot() : whole.getRoot().resolve(whole.subpath(0, names));
            if (Files.isDirectory(above) && !Files.isExecutable(above)) {
                return text(above, "enter");
            }
        }
        if (!Files.exists(whole)) {
            return null;
        }
        if (!Files.isReadable(whole)) {
            return text(whole, "read");
        }
        return isWritten && !Files.isWritable(whole) ? text(whole, "write") : null;
    }

    /**
     * The same for a refusal of the file system. Where nothing else is found to be lacking it says that the permission was denied.
     *
     * @return null when the refusal is about something else.
     */
    public static String of(IOException refusal) {
        if (!(refusal instanceof AccessDeniedException denied) || denied.getFile() == null) {
            return null;
        }
        Path file = Path.of(denied.getFile());
        String right = find(file, true);
        if (right == null) {
            right = findAbove(file);
        }
        return right == null ? denied.getFile() + ": permission denied" : right;
    }

    /**
     * The right that is lacking to make a file, or to take it away.
     *
     * @return one line, about the nearest directory above it that is there; null when nothing is lacking, as far as can be seen.
     */
    public static String findAbove(Path file) {
        Path above = file.toAbsolutePath().normalize().getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        if (above == null) {
            return null;
        }
        String right = find(above.resolve(file.getFileName()), false); // To enter it comes first.
        return right == null && !Files.isWritable(above) && !isReadOnly(above) ? text(above, "write") : right;
    }

    private static boolean isReadOnly(Path directory) {
        try {
            return Files.getFileStore(directory).isReadOnly();
        } catch (IOException unknown) {
            return true;
        }
    }

    private static String text(Path file, String right) {
        return file + ": permission denied: user " + System.getProperty("user.name") + " may not " + right + " it"
                + owner(file);
    }

    private static String owner(Path file) {
        try {
            return " (" + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + ", owner "
                    + Files.getOwner(file).getName() + ')';
        } catch (IOException | UnsupportedOperationException unknown) {
            return "";
        }
    }
}
