package io.ringfence.journal;

import io.ringfence.schemas.Durability;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Appends to a journal until it is killed; says on standard output what may be answered. */
public final class EndlessWriter {
    private EndlessWriter() {}

    /** The command that writes to a directory, in another process, until it is killed. */
    static ProcessBuilder process(Path directory, Durability durability) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), EndlessWriter.class.getName(), directory.toString()));
        command.add(durability.name());
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** Arguments: directory, durability. Prints {@code recovered SEQUENCE:HASH}, then {@code SEQUENCE:HASH} lines. */
    public static void main(String[] args) {
        Durability durability = Durability.valueOf(args[1]);
        RecordFactory factory = new RecordFactory(System.nanoTime());
        PrintStream out = System.out;
        JournalDirectory.Options options =
                JournalDirectory.Options.of(durability).withSegmentLength(1024 * 1024);
        try (JournalDirectory journal = JournalDirectory.open(Path.of(args[0]), options)) {
            JournalWriter writer = journal.writer();
            out.println("recovered " + journal.recovery().head());
            while (journal.failure() == null) {
                long sequence = writer.sequence() + 1;
                RecordFactory record = sequence == 1 ? factory.settings((byte) 1) : factory.record(sequence);
                record.appendTo(writer);
                if (sequence % 64 == 0) {
                    String line = writer.head().toString();
                    while (journal.answerableSequence() < sequence) {
                        Thread.onSpinWait();
                    }
                    out.println(line);
                }
            }
        }
    }
}
