package io.ringfence.journal.lock;

import io.ringfence.journal.fault.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A file that one process owns: it holds a lock of the kernel, which ends when the process does, however that ends. Process ids prove
 * nothing: two containers both have a process 1.
 *
 * <p>The file says in words who owns it, and keeps that text when its owner is killed. The lock covers two bytes far behind the text. The
 * first is the owner's; the second too, and who only asks tries that one. So {@link #isOwned} never keeps an owner out.
 *
 * <p>The kernel drops all locks of a process on a file when the process closes any channel on it. So a process opens no second channel
 * on a file that it owns: it remembers which these are. Safe from any thread.
 */
public final class OwnerLock implements AutoCloseable {
    private static final long OWNER_POSITION = Long.MAX_VALUE - 2;
    private static final long LIFE_POSITION = Long.MAX_VALUE - 1;
    private static final int TEXT_LENGTH_MAX = 4096;
    private static final int ATTEMPTS = 100;
    private static final long LIFE_WAIT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_EVERY_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final Path LOCKS_FILE = Path.of("/proc/locks");
    private static final int PLACE_WORD = 5; // Number, kind, strength, access, process, place.
    private static final Path HOST_FILE = Path.of("/proc/sys/kernel/hostname");

    /** Files that this process owns, and the words in them; guarded by itself. */
    private static final Map<Object, String> OWNED = new HashMap<>();

    private final Path file;
    private final Object key;
    private final FileChannel channel;
    private final String before;
    private boolean isClosed;

    private OwnerLock(Path file, Object key, FileChannel channel, String before) {
        this.file = file;
        this.key = key;
        this.channel = channel;
        this.before = before;
    }

    /** Another one owns the file. The message says who, as far as the file tells. */
    public static final class OwnedException extends IOException {
        private static final long serialVersionUID = 1L;

        OwnedException(String owner) {
            super(owner.isEmpty() ? "a process that did not say who it is" : owner);
        }
    }

    /**
     * Takes the file, made if it is not there, without waiting for its owner.
     *
     * @throws OwnedException when it is owned, also by another part of this process.
     * @throws IOException    when it cannot be made, written or locked.
     */
    public static OwnerLock take(Path file) throws IOException {
        synchronized (OWNED) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                OwnerLock taken = tryTake(file);
                if (taken != null) {
                    return taken;
                }
            }
            throw new IOException(file + ": is deleted and made anew all the time");
        }
    }

    /** Null when the file was replaced meanwhile. */
    private static OwnerLock tryTake(Path file) throws IOException {
        Object key = keyOrMake(file);
        if (OWNED.containsKey(key)) {
            throw new OwnedException(firstLine(OWNED.get(key)));
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(require(file), StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException deleted) {
            return null;
        }
        try {
            if (channel.tryLock(OWNER_POSITION, 1, false) == null) {
                throw new OwnedException(firstLine(read(channel)));
            }
            if (!key.equals(keyOrNull(file))) {
                channel.close();
                return null;
            }
            lockLife(channel);
            OwnerLock taken = new OwnerLock(file, key, channel, read(channel));
            taken.write(noted(taken.before)); // It stays true until another line is noted.
            return taken;
        } catch (IOException | RuntimeException | Error cannot) {
            channel.close();
            throw cannot;
        }
    }

    private static Path require(Path file) throws IOException {
        return RegularFile.require(file, "the file of a lock");
    }

    /** Who asks holds that byte for some microseconds. */
    private static void lockLife(FileChannel channel) throws IOException {
        long deadlineNs = System.nanoTime() + LIFE_WAIT_NS;
        while (channel.tryLock(LIFE_POSITION, 1, false) == null) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new OwnedException("a process that asks for ever who owns it");
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
    }

    /** Is the file owned by a process that lives, this one included? False if there is none. */
    public static boolean isOwned(Path file) throws IOException {
        synchronized (OWNED) {
            Object key = keyOrNull(file);
            if (key == null || OWNED.containsKey(key)) {
                return key != null;
            }
            try (FileChannel channel = FileChannel.open(require(file), StandardOpenOption.READ);
                    FileLock lock = channel.tryLock(LIFE_POSITION, 1, true)) {
                return lock == null;
            } catch (NoSuchFileException deleted) {
                return false;
            }
        }
    }

    /**
     * The process that owns a file which this one may not open, as the kernel's list of locks says. Of processes that it cannot see, such as
     * those of another container, the list says nothing.
     *
     * @return 0 if none does.
     * @throws IOException when the list cannot be read: then it is not known.
     */
    public static long ownerOf(Path file) throws IOException {
        long device = (long) Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS);
        long inode = (long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        long major = device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
        long minor = device & 0xff | device >>> 12 & 0xffffff00L;
        String place = String.format(Locale.ROOT, "%02x:%02x:%d", major, minor, inode);
        for (String line : Files.readAllLines(LOCKS_FILE)) {
            String[] words = line.strip().split("\\s+");
            if (words.length > PLACE_WORD && words[PLACE_WORD].equals(place)) {
                return Long.parseLong(words[PLACE_WORD - 1]);
            }
        }
        return 0;
    }

    /** The text that the owner before left, which ended without closing; empty when there was none. */
    public String before() {
        return before;
    }

    /** Puts a line behind the words that say who owns the file, in place of the one that was there, of this owner or of the one before. */
    public void note(String line) throws IOException {
        synchronized (OWNED) {
            write(line);
        }
    }

    private void write(String line) throws IOException {
        String text = owner() + '\n' + line;
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        OWNED.put(key, text);
    }

    private static String owner() {
        String host;
        try {
            host = " on " + Files.readString(HOST_FILE).strip();
        } catch (IOException unnamed) {
            host = "";
        }
        return "process " + ProcessHandle.current().pid() + host + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(TEXT_LENGTH_MAX);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** What stands behind the first line. */
    private static String noted(String text) {
        return text.lines().skip(1).findFirst().orElse("");
    }

    private static Object keyOrMake(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException there) {
            // As it should be.
        }
        Object key = keyOrNull(file);
        return key == null ? new Object() : key; // Deleted again: it is found to be another one later.
    }

    /** What the file is, whatever its name; null if there is none. */
    private static Object keyOrNull(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file.toRealPath() : key;
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** Deletes the file, so that nothing is left, and gives it up. */
    public void delete() throws IOException {
        synchronized (OWNED) {
            if (!isClosed) {
                Files.deleteIfExists(file);
                close();
            }
        }
    }

    /** Gives the file up with the text that the owner before left: what that text says is still true. */
    public void restore() throws IOException {
        giveUp(before);
    }

    /** Gives the file up, and leaves it empty. */
    @Override
    public void close() throws IOException {
        giveUp("");
    }

    private void giveUp(String text) throws IOException {
        synchronized (OWNED) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            OWNED.remove(key);
            try (channel) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            }
        }
    }
}
