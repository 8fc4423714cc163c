package io.ringfence.journal;

import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.store.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Knows what a loss of power would leave: of each file the bytes of its last force, of each directory the names of its last force.
 *
 * <p>A file whose force failed keeps its pages in memory as if they were written, and no later force writes them. Appending under the
 * lock of this object keeps half a record out of what is forced.
 */
final class ModelDisk implements Disk {
    static final byte[] OTHER_BOOT = "another boot id.".getBytes(StandardCharsets.US_ASCII);

    private static final int PAGE_LENGTH = 4096;

    private final Map<Object, byte[]> forced = new HashMap<>();
    private final Map<Path, Map<String, Object>> names = new HashMap<>();
    private final Set<Object> lost = new HashSet<>();
    private boolean isFailing;

    @Override
    public synchronized void force(FileChannel channel, Path file, boolean isMetadata) throws IOException {
        Object key;
        try {
            key = key(file);
        } catch (NoSuchFileException renamed) { // Just now, for its first record: nothing of it is promised yet.
            return;
        }
        if (isFailing) {
            lost.add(key);
            throw new IOException("the disk fails");
        }
        if (!lost.contains(key)) {
            forced.put(key, Files.readAllBytes(file));
        }
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        names.put(directory.toRealPath(), namesNow(directory));
    }

    /** Lets each force of a file fail, or no longer. */
    synchronized void failing(boolean isFailing) {
        this.isFailing = isFailing;
    }

    /** Were the names of a directory forced with this one among them? */
    synchronized boolean hasName(Path directory, String name) throws IOException {
        return names.getOrDefault(directory.toRealPath(), Map.of()).containsKey(name);
    }

    /**
     * Writes what a loss of power now would leave of a directory, with the watermark of another run of the machine.
     *
     * @param random says which pages and names survive that were not forced; null: none.
     */
    synchronized void loseAndRestart(Path directory, Path to, Random random) throws IOException {
        Map<String, Object> now = namesNow(directory);
        Map<Object, Path> files = new HashMap<>();
        now.forEach((name, key) -> files.put(key, directory.resolve(name)));
        boolean hasNames = random == null || random.nextBoolean();
        Files.createDirectories(to);
        for (Map.Entry<String, Object> entry :
                (hasNames ? names.getOrDefault(directory.toRealPath(), Map.of()) : now).entrySet()) {
            byte[] bytes = forced.getOrDefault(entry.getValue(), new byte[0]);
            Path file = files.get(entry.getValue());
            if (random != null && file != null) {
                bytes = mix(bytes, Files.readAllBytes(file), random);
            }
            Files.write(to.resolve(entry.getKey()), bytes);
        }
        Watermark watermark = WatermarkFile.read(to);
        if (watermark.isWritten()) {
            try (WatermarkFile file = WatermarkFile.open(to)) {
                file.write(
                        new Watermark(watermark.head(), watermark.journalId(), OTHER_BOOT, watermark.begunSequence()));
            }
        }
    }

    private static byte[] mix(byte[] forced, byte[] now, Random random) {
        byte[] mixed = Arrays.copyOf(forced, Math.max(forced.length, now.length));
        int share = 1 + random.nextInt(8);
        for (int at = 0; at < now.length; at += PAGE_LENGTH) {
            if (random.nextInt(8) < share) {
                System.arraycopy(now, at, mixed, at, Math.min(PAGE_LENGTH, now.length - at));
            }
        }
        return mixed;
    }

    private static Map<String, Object> namesNow(Path directory) throws IOException {
        Map<String, Object> keys = new TreeMap<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path path : (Iterable<Path>) entries::iterator) {
                try {
                    if (Files.isRegularFile(path) || Files.isDirectory(path) && !path.endsWith("making")) {
                        keys.put(path.getFileName().toString(), key(path));
                    }
                } catch (NoSuchFileException gone) { // Another thread renames files that hold nothing.
                    continue;
                }
            }
        }
        return keys;
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
