package io.ringfence.perf.soak;

import io.ringfence.journal.durability.WatermarkFile;
import io.ringfence.journal.durability.WatermarkFile.Watermark;
import io.ringfence.journal.read.JournalReader;
import io.ringfence.journal.store.RollFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The files of the server that lives through a soak: its configuration, its journal, and what is done to them between two lives. */
final class SoakFiles {
    static final int REQUEST_STREAM_ID = 1_001;
    static final int HOLDS_PER_ACCOUNT = 600;

    private static final byte[] OTHER_BOOT = "another boot id.".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_LENGTH = 32;

    private final Path root;

    private SoakFiles(Path root) {
        this.root = root;
    }

    /** Writes the configuration below a directory, with the policy that ships below {@code conf}. */
    static SoakFiles write(Path root, Path conf) throws IOException {
        SoakFiles files = new SoakFiles(root);
        Files.writeString(root.resolve("accounts.yaml"), """
                accounts:
                  - {id: 1, name: first, granted: 9000000000000}
                  - {id: 2, name: second, granted: 9000000000000}
                  - {id: 3, name: impatient, granted: 9000000000000}
                """);
        Files.writeString(
                files.config(),
                String.join(
                        "\n",
                        "data_dir: " + files.data(),
                        "durability: memory",
                        "mode: compact",
                        "wait_strategy: sleeping",
                        "aeron: {directory: " + files.aeron() + ", request_stream_id: " + REQUEST_STREAM_ID + "}",
                        "sessions: {silence_timeout: 10s, window: 256}",
                        "disk: {roll_length: 16MiB}",
                        "snapshots: {interval: 20000}",
                        "policy: " + conf.resolve("policies/admit-all.yaml"),
                        "accounts: accounts.yaml",
                        "deciding: {remembered_per_principal: 16384, holds_per_account: " + HOLDS_PER_ACCOUNT
                                + ", accounts_max: 16}",
                        "principals:",
                        "  - {id: 1, name: first, role: trader, accounts: [1]}",
                        "  - {id: 2, name: second, role: trader, accounts: [2]}",
                        "  - {id: 3, name: impatient, role: trader, accounts: [3]}",
                        "  - {id: 4, name: risk, role: risk}",
                        ""));
        return files;
    }

    Path config() {
        return root.resolve("ringfence.yaml");
    }

    Path data() {
        return root.resolve("journal");
    }

    Path aeron() {
        return root.resolve("aeron");
    }

    /** Flips a byte of a record above the watermark that is not the last one. */
    Flip flipAbove(SplittableRandom random) throws IOException {
        long promised = WatermarkFile.read(data()).head().sequence();
        List<byte[]> hashes = hashes(promised + 1);
        if (hashes.size() < 3) {
            throw new IllegalStateException("records above the watermark are needed: " + hashes.size());
        }
        int index = random.nextInt(hashes.size() - 2);
        return Flip.in(data(), promised + 1 + index, hashes.get(index));
    }

    /** Flips a byte of a record of the newest roll file that the watermark promises. */
    Flip flipBelow(SplittableRandom random) throws IOException {
        List<Path> files = RollFiles.list(data());
        long first = RollFiles.firstSequence(
                files.get(files.size() - 1).getFileName().toString());
        long promised = WatermarkFile.read(data()).head().sequence();
        int index = random.nextInt((int) (promised - first + 1));
        return Flip.in(data(), first + index, hashes(first).get(index));
    }

    /** Makes the watermark one of another boot of the machine. Nothing else is lost. */
    void otherBoot() throws IOException {
        Watermark watermark = WatermarkFile.read(data());
        try (WatermarkFile file = WatermarkFile.open(data())) {
            file.write(new Watermark(watermark.head(), watermark.journalId(), OTHER_BOOT, watermark.begunSequence()));
        }
    }

    /** Accepts the step of the clock, as a person with the role risk does. */
    void acceptClock() throws IOException, InterruptedException {
        try (SoakServer tool = SoakServer.start(
                Map.of(),
                List.of("clock", "accept", "--dir", data().toString(), "--principal", "4", "--why", "soak"))) {
            if (tool.exitCode() != 0) {
                throw new IllegalStateException("the step of the clock must be accepted: " + tool.said());
            }
        }
    }

    private List<byte[]> hashes(long from) {
        List<byte[]> hashes = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(data(), from)) {
            reader.forEach(record -> {
                byte[] hash = new byte[HASH_LENGTH];
                record.copyEntryHash(hash, 0);
                hashes.add(hash);
            });
        }
        return hashes;
    }

    /** A byte of a record that was changed: the first of its entry hash. */
    record Flip(Path file, long position, long sequence) {
        static Flip in(Path directory, long sequence, byte[] hash) throws IOException {
            for (Path file : RollFiles.list(directory)) {
                byte[] bytes = Files.readAllBytes(file);
                for (int at = 0; at + hash.length <= bytes.length; at++) {
                    if (Arrays.mismatch(bytes, at, at + hash.length, hash, 0, hash.length) < 0) {
                        Flip flip = new Flip(file, at, sequence);
                        flip.putRight();
                        return flip;
                    }
                }
            }
            throw new IllegalStateException("a record must be in a roll file: sequence=" + sequence);
        }

        /** Flips it back. */
        void putRight() throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, position);
                one.put(0, (byte) ~one.get(0)).rewind();
                channel.write(one, position);
            }
        }
    }
}
