package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringfence.tools.conformance.VectorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceCommandTest {
    @TempDir
    Path folder;

    @Test
    void shouldTellTheKindByTheName() {
        assertEquals(Optional.of(VectorKind.KERNEL), VectorKind.of(Path.of("a/kernel.jsonl.gz")));
        assertEquals(Optional.of(VectorKind.LEDGER), VectorKind.of(Path.of("set-2-ledger.jsonl")));
        assertEquals(Optional.of(VectorKind.WAL), VectorKind.of(Path.of("wal-keyed.jsonl")));
        assertEquals(Optional.empty(), VectorKind.of(Path.of("shopen.jsonl")));
    }

    @Test
    void shouldNameKindsThatAreNotYetSupported() throws IOException {
        Path kernel = Files.createFile(folder.resolve("kernel.jsonl"));
        Path merkle = Files.createFile(folder.resolve("merkle.jsonl.gz"));

        Shell shell = new Shell("conformance", "--json", kernel.toString(), merkle.toString());

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertEquals(merkle + ": vectors of this kind are not yet supported" + System.lineSeparator(), shell.err());
        JsonNode object = new ObjectMapper().readTree(shell.out());
        assertEquals(0, object.get("failed").longValue());
        assertEquals("kernel", object.get("files").get(0).get("kind").textValue());
        assertEquals(merkle.toString(), object.get("not_supported").get(0).textValue());
    }

    @Test
    void shouldRefuseALineThatIsNoVector() throws IOException {
        Path file = Files.writeString(folder.resolve("kernel.jsonl"), "{\"id\": 1}\n");

        Shell shell = new Shell("conformance", file.toString());

        assertEquals(ExitCode.BAD_INPUT, shell.exitCode());
        assertTrue(shell.err().contains(file + ":1: "), shell::err);
    }

    @Test
    void shouldRefuseAFileOfNoKindAndAFileThatIsNotThere() throws IOException {
        Path readme = Files.createFile(folder.resolve("README.md"));

        Shell noKind = new Shell("conformance", readme.toString());
        Shell noFile = new Shell("conformance", folder.resolve("kernel.jsonl").toString());

        assertEquals(ExitCode.BAD_INPUT, noKind.exitCode());
        assertTrue(noKind.err().contains("must be a vector file"), noKind::err);
        assertEquals(ExitCode.BAD_INPUT, noFile.exitCode());
        assertTrue(noFile.err().contains("must be a file: there is none"), noFile::err);
    }
}
