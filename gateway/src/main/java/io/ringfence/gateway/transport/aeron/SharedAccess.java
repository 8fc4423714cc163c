package io.ringfence.gateway.transport.aeron;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * Who may use the files in shared memory: the user of this process, and the members of one group if the configuration names one.
 *
 * @param group whose members may be clients; null: none.
 */
record SharedAccess(GroupPrincipal group) {
    /** The user of this process alone. */
    static final SharedAccess OWNER = new SharedAccess(null);

    private static final int DIRECTORY_OF_GROUP = 02750; // What is made there is the group's too.

    /**
     * Access for the members of a group.
     *
     * @throws IOException when there is no such group.
     */
    static SharedAccess of(String group) throws IOException {
        try {
            return new SharedAccess(
                    Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
        } catch (UserPrincipalNotFoundException none) {
            throw new IOException("aeron.group: there is no such group: \"" + group + '"', none);
        }
    }

    /** A file of another user is where this process wants to delete. */
    static final class ForeignFileException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String where;

        private ForeignFileException(Path path, long owner, long own) {
            this("Aeron directory must be this user's alone: " + path + " is of user " + owner
                    + ", this process is of user " + own);
        }

        private ForeignFileException(String where) {
            super(where + "; take it away or name another directory");
            this.where = where;
        }

        /** The same with what is known of the process that made it, and what to do. */
        IOException with(String what) {
            return new IOException(where + "; " + what, this);
        }
    }

    /** Attribute of a file that only the user of this process may read and write. */
    static FileAttribute<?> ownersOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    }

    /** Makes a directory that nobody else can ever enter. */
    void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        shareDirectory(directory);
    }

    /** Lets nobody else enter a directory, but the group: its members can read it, and make nothing in it. */
    void shareDirectory(Path directory) throws IOException {
        if (group == null) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        } else {
            give(directory);
            Files.setAttribute(directory, "unix:mode", DIRECTORY_OF_GROUP);
        }
    }

    /** Lets nobody else read or write a file, but the group. */
    void share(Path file) throws IOException {
        if (group != null) {
            give(file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(group == null ? "rw-------" : "rw-rw----"));
    }

    /**
     * Makes the group the file's, if there is one.
     *
     * @throws IOException when this process may not, because its user is no member.
     */
    void give(Path file) throws IOException {
        if (group != null) {
            try {
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setGroup(group);
            } catch (IOException cannot) {
                throw new IOException(
                        "aeron.group: must be a group of the user of this process: \"" + group.getName() + "\": "
                                + cannot.getMessage(),
                        cannot);
            }
        }
    }

    /**
     * Checks that a directory and all that is in it belong to the user of this process, and that no link is among them.
     *
     * @throws IOException that names the first one for which that is not so.
     */
    static void requireOwn(Path directory) throws IOException {
        long own = new UnixSystem().getUid();
        walk(directory, path -> {
            if (Files.isSymbolicLink(path)) {
                throw new IOException("Aeron directory must hold no link, which could lead to files of others: " + path
                        + "; take it away or name another directory");
            }
            long owner = Integer.toUnsignedLong((int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
            if (owner != own) {
                throw new ForeignFileException(path, owner, own);
            }
        });
    }

    /** Deletes a directory with all that is in it. A link is deleted, and what it names is left alone. Does nothing if there is none. */
    static void delete(Path directory) throws IOException {
        walk(directory, Files::deleteIfExists);
    }

    /** Bytes of all files in a directory; 0 if there is none. */
    static long length(Path directory) throws IOException {
        long[] total = {0};
        walk(
                directory,
                path -> total[0] += Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.size(path) : 0);
        return total[0];
    }

    /** What is done to a file or to a directory. */
    private interface Step {
        void take(Path path) throws IOException;
    }

    /** Meets what is in a directory before the directory itself; follows no link. */
    private static void walk(Path directory, Step step) throws IOException {
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                step.take(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                step.take(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
