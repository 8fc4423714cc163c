package io.ringfence.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.tools.ExitCode.BadInputException;
import io.ringfence.tools.conformance.VectorKind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs conformance vectors against this build. */
@Command(
        name = "conformance",
        description = {
            "Check this build against conformance vectors. The kind is told by the file's name: kernel, ledger, explain,"
                    + " exploration, outcome, ope. Cases of kernel vectors that others name are looked up in the kernel file of the same call,"
                    + " else in the one beside.",
            "Exit 0: all agree; 1: a case differs; 2: a file is none of these, or no vector file at all."
        },
        footer = "  ringfence conformance vectors/kernel.jsonl.gz vectors/ledger.jsonl.gz --json")
final class ConformanceCommand extends ToolCommand {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Vector files, plain or .gz.")
    @OptionRule.OfFile
    private List<Path> files;

    @Override
    public Integer call() {
        List<VectorKind.Report> reports = new ArrayList<>();
        List<String> unsupported = new ArrayList<>();
        for (Path file : files) {
            VectorKind kind = VectorKind.of(file)
                    .orElseThrow(() -> new BadInputException(
                            file + ": must be a vector file, its name telling the kind: " + VectorKind.words()));
            if (kind.suite(files).isEmpty()) {
                unsupported.add(file.toString());
            }
        }
        for (Path file : files) {
            VectorKind.of(file).flatMap(kind -> kind.suite(files)).ifPresent(suite -> reports.add(run(suite, file)));
        }
        long failed = reports.stream().mapToLong(VectorKind.Report::failed).sum();
        if (isJson()) {
            out().println(Json.text(json(reports, unsupported, failed)));
        } else {
            print(reports);
        }
        unsupported.forEach(file -> err().println(file + ": vectors of this kind are not yet supported"));
        return failed > 0 ? ExitCode.CHECK_FAILED : unsupported.isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }

    private static VectorKind.Report run(VectorKind.Suite suite, Path file) {
        try {
            return suite.run(file);
        } catch (NoSuchFileException missing) {
            throw new BadInputException(file + ": needs the kernel vectors that it names: give " + missing.getFile());
        } catch (IOException refused) {
            throw new BadInputException(refused.getMessage());
        }
    }

    private void print(List<VectorKind.Report> reports) {
        for (VectorKind.Report report : reports) {
            out().printf(
                            Locale.ROOT,
                            "%-14s %,9d cases  %,6d failed  %s%n",
                            report.kind(),
                            report.cases(),
                            report.failed(),
                            report.file());
            if (report.firstFailure() != null) {
                out().println("               first: " + report.firstFailure());
            }
        }
    }

    private static ObjectNode json(List<VectorKind.Report> reports, List<String> unsupported, long failed) {
        ObjectNode object = Json.object();
        ArrayNode files = object.putArray("files");
        for (VectorKind.Report report : reports) {
            files.addObject()
                    .put("file", report.file())
                    .put("kind", report.kind())
                    .put("cases", report.cases())
                    .put("failed", report.failed())
                    .put("first_failure", report.firstFailure());
        }
        unsupported.forEach(object.putArray("not_supported")::add);
        return object.put("failed", failed);
    }
}
