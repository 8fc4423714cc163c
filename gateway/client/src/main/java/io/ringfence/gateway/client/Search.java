package io.ringfence.gateway.client;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.IdleStrategy;

/**
 * Looks for the gateway of one session, until a deadline, and notices when a server was started anew since. One thread uses it.
 */
final class Search {
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ClientSettings settings;
    private final long deadlineNs;
    private final long timeoutMs; // As the caller gave it, for error lines.

    private GatewayAddress address; // Null until one was found.
    private Version found;
    private boolean hasMoved; // Since then.
    private long lookedAtNs;

    /** What differs between two files that two starts wrote: each is another file, put in place of the one before. */
    private record Version(Object fileKey, FileTime writtenAt) {
        static Version of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.fileKey(), attributes.lastModifiedTime());
        }
    }

    /** Another server was started since the gateway was found, or its media driver ended: look again. */
    static final class GatewayGoneException extends ConnectException {
        private static final long serialVersionUID = 1L;

        GatewayGoneException(String message) {
            super(message);
        }
    }

    /** @param deadlineNs of the monotonic clock, in ns. */
    Search(ClientSettings settings, long deadlineNs) {
        this.settings = settings;
        this.deadlineNs = deadlineNs;
        this.timeoutMs = Math.round((deadlineNs - System.nanoTime()) / 1e6);
    }

    /**
     * Where the gateway is now. Waits for a server that has not yet said so.
     *
     * @throws ConnectException when none has in time, or this process may not read what it says.
     */
    GatewayAddress find() throws ConnectException {
        if (settings.gateway() instanceof ClientSettings.Place.Fixed fixed) {
            address = fixed.address();
            return address;
        }
        IdleStrategy idle = Link.idle();
        while (true) {
            try {
                found = Version.of(runFile());
                address = GatewayAddress.read(runFile(), GatewayAddress::of);
                hasMoved = false;
                return address;
            } catch (IOException notYet) {
                requireToWait(notYet);
            }
            idle.idle();
        }
    }

    private void requireToWait(IOException notYet) throws ConnectException {
        String lacking = MissingRight.of(notYet);
        if (lacking != null) {
            throw noGateway(new ConnectException(lacking));
        }
        if (isTimeUp()) {
            throw noGateway(
                    notYet instanceof NoSuchFileException
                            ? new ConnectException(runFile() + " is not there: no server has served this journal")
                            : notYet);
        }
    }

    private Path runFile() {
        Path directory = ((ClientSettings.Place.OfJournal) settings.gateway()).directory();
        return directory.resolve(GatewayAddress.FILE_NAME);
    }

    /** Was a server started on the journal since the gateway was found? Looks once in 20 ms; never true of a fixed place. */
    boolean hasMoved() {
        long nowNs = System.nanoTime();
        if (found == null || hasMoved || nowNs - lookedAtNs < LOOK_EVERY_NS) {
            return hasMoved;
        }
        lookedAtNs = nowNs;
        try {
            hasMoved = !Version.of(runFile()).equals(found);
        } catch (IOException gone) {
            hasMoved = false; // Where it is now is not known.
        }
        return hasMoved;
    }

    /**
     * Checks that it is worth to wait on.
     *
     * @throws GatewayGoneException when a server was started since.
     * @throws ConnectException     when the time is up.
     */
    void requireTime() throws ConnectException {
        if (isTimeUp()) {
            throw noGateway(null);
        }
        if (hasMoved()) {
            throw new GatewayGoneException("another server was started: " + address);
        }
    }

    boolean isTimeUp() {
        return System.nanoTime() - deadlineNs > 0;
    }

    /** @param cause null: none but the time. */
    ConnectException noGateway(Throwable cause) {
        String line = "no gateway answered: " + place() + ", timeout=" + timeoutMs + " ms"
                + (cause == null ? "" : ": " + text(cause));
        ConnectException exception = new ConnectException(line.replaceAll("\\s*[\\r\\n]+\\s*", " "));
        exception.initCause(cause);
        return exception;
    }

    private String place() {
        String said = address == null
                ? ""
                : "aeronDirectory=" + address.aeronDirectory() + ", requestStreamId=" + address.requestStreamId();
        if (settings.gateway() instanceof ClientSettings.Place.OfJournal journal) {
            return "journal=" + journal.directory() + (said.isEmpty() ? "" : ", ") + said;
        }
        return said;
    }

    private static String text(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            String lacking = at instanceof IOException refusal ? MissingRight.of(refusal) : null;
            if (lacking != null) {
                return lacking;
            }
        }
        return cause.getMessage();
    }
}
