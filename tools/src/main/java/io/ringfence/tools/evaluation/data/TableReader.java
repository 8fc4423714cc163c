package io.ringfence.tools.evaluation.data;

import io.ringfence.journal.fault.RegularFile;
import io.ringfence.tools.ExitCode.BadInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.io.input.CloseShieldInputStream;

/** Reads the wanted columns of csv files, plain or packed, and of csv files in tar archives. */
final class TableReader {
    /** Column that holds the name of the archive's member, without folder and ending. */
    static final String MEMBER = "member";

    private static final String ENDING = ".csv";
    private static final int SHOWN_EVERY = 1 << 12;

    private final Table table = new Table();
    private final Path data;
    private final Set<String> wanted;
    private final LongConsumer progress;
    private int row;

    /**
     * @param data     folder below which the files are.
     * @param wanted   columns to keep.
     * @param progress takes the number of rows read so far, now and then.
     */
    TableReader(Path data, Set<String> wanted, LongConsumer progress) {
        this.data = data;
        this.wanted = wanted;
        this.progress = progress;
        wanted.forEach(table::add);
    }

    /**
     * Reads files one behind the other into one table.
     *
     * @throws BadInputException for a file that is not there, cannot be read, or lacks a cell.
     */
    Table read(List<Mapping.Source> sources) {
        for (Mapping.Source source : sources) {
            read(source);
        }
        return table;
    }

    private void read(Mapping.Source source) {
        Path file = file(data, source.file());
        try (InputStream bytes = open(file)) {
            if (file.toString().contains(".tar")) {
                readMembers(source, new TarArchiveInputStream(bytes));
            } else {
                readRows(source, bytes, "");
            }
        } catch (IOException | UncheckedIOException broken) {
            throw new BadInputException(file + ": must be readable to its end: " + broken.getMessage());
        }
    }

    /**
     * A file of the data.
     *
     * @throws BadInputException if there is none.
     */
    static Path file(Path data, String name) {
        Path file = data.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new BadInputException("--data: must be the folder that holds " + name + ": "
                    + (Files.exists(file) ? RegularFile.otherwise(file) + ": " + file : "there is none in " + data));
        }
        return file;
    }

    /** Opens a file; one whose name ends as a packed one's is unpacked. */
    static InputStream open(Path file) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
        String name = file.toString();
        if (!name.endsWith(".gz") && !name.endsWith(".bz2")) {
            return bytes;
        }
        try {
            return new BufferedInputStream(new CompressorStreamFactory(true)
                    .createCompressorInputStream(
                            name.endsWith(".gz") ? CompressorStreamFactory.GZIP : CompressorStreamFactory.BZIP2,
                            bytes));
        } catch (CompressorException wrong) {
            bytes.close();
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private void readMembers(Mapping.Source source, TarArchiveInputStream archive) throws IOException {
        List<String> seen = new ArrayList<>();
        for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            String name = Path.of(entry.getName()).getFileName().toString();
            if (entry.isFile() && name.endsWith(ENDING)) {
                readRows(
                        source,
                        CloseShieldInputStream.wrap(archive),
                        name.substring(0, name.length() - ENDING.length()));
                seen.add(name);
            }
        }
        if (seen.isEmpty()) {
            throw new BadInputException(source.file() + ": must hold csv files: there is none");
        }
    }

    private void readRows(Mapping.Source source, InputStream bytes, String member) throws IOException {
        CSVFormat.Builder format = CSVFormat.RFC4180.builder();
        if (source.positions().isEmpty()) {
            format.setHeader().setSkipHeaderRecord(true).setAllowMissingColumnNames(true);
        }
        Reader text = new InputStreamReader(bytes, StandardCharsets.UTF_8);
        try (CSVParser parser =
                CSVParser.builder().setReader(text).setFormat(format.get()).get()) {
            Map<String, Integer> places = source.positions().isEmpty() ? parser.getHeaderMap() : source.positions();
            List<Map.Entry<String, Integer>> kept = places.entrySet().stream()
                    .filter(place -> wanted.contains(place.getKey()))
                    .toList();
            for (CSVRecord cells : parser) {
                for (Map.Entry<String, Integer> place : kept) {
                    set(source, cells, place.getKey(), place.getValue());
                }
                constants(source, member);
                row++;
                if (row % SHOWN_EVERY == 0) {
                    progress.accept(row);
                }
            }
        }
    }

    private void set(Mapping.Source source, CSVRecord cells, String name, int place) {
        if (place >= cells.size()) {
            throw new BadInputException(source.file() + ": row " + cells.getRecordNumber() + ": must have "
                    + (place + 1) + " cells: " + cells.size());
        }
        table.set(name, row, cells.get(place).strip());
    }

    private void constants(Mapping.Source source, String member) {
        if (wanted.contains(MEMBER) && !member.isEmpty()) {
            table.set(MEMBER, row, member);
        }
        source.constants().forEach((name, value) -> {
            if (wanted.contains(name)) {
                table.set(name, row, value);
            }
        });
    }
}
