package io.ringfence.tools.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.replay.Replay;
import io.ringfence.journal.read.JournalProver;
import io.ringfence.tools.AccountsTable;
import io.ringfence.tools.ExitCode;
import io.ringfence.tools.Page;
import io.ringfence.tools.journal.ReplayCommand;
import io.ringfence.tools.journal.Trust;
import io.ringfence.tools.journal.VerifyCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reports a demo to a person or a program.
 *
 * @param rehearsal on another engine; the rest is about the demo itself.
 * @param mode     of the pipeline that ran.
 * @param accounts as the engine left them.
 * @param length   of the journal in bytes.
 * @param verified null: not proved, or not to the end, because the process was asked to end.
 * @param replayed the same.
 */
record DemoReport(
        Rehearsal rehearsal,
        LoadResult result,
        ServerConfig config,
        String mode,
        AccountsTable accounts,
        long length,
        JournalProver.Report verified,
        Replay.Report replayed) {
    private static final double MB = 1e6;

    /** Reads the counters and files of the stopped engine. */
    static DemoReport of(
            Rehearsal rehearsal,
            LoadResult result,
            ServerConfig config,
            DemoJournal journal,
            AccountsFile names,
            JournalProver.Report verified,
            Replay.Report replayed) {
        try (CountersView counters = CountersView.open(journal.directory().resolve(CountersFile.NAME))) {
            return new DemoReport(
                    rehearsal,
                    result,
                    config,
                    counters.mode(),
                    AccountsTable.of(counters).named(names),
                    journal.length(),
                    verified,
                    replayed);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    /** Exit code of the demo. */
    int exitCode() {
        boolean isWrong = verified != null && !verified.isOk() || replayed != null && !replayed.isOk();
        if (isWrong) {
            return ExitCode.CHECK_FAILED;
        }
        return isInterrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
    }

    private boolean isInterrupted() {
        return result.isCut() || verified == null || replayed == null;
    }

    ObjectNode json() {
        ObjectNode object = result.json().put("interrupted", isInterrupted());
        rehearsal.putInto(object);
        object.set("head", verified == null ? null : VerifyCommand.json(verified.head()));
        object.set("verify", verified == null ? null : VerifyCommand.json(verified));
        object.set("replay", replayed == null ? null : ReplayCommand.json(replayed));
        object.put("dir", directory().toString())
                .put("durability", config.durability().name())
                .put("mode", mode)
                .put("journal_bytes", length);
        accounts.putInto(object.putArray("accounts"));
        return object;
    }

    void print(Page page, LoadInput input, CompiledPolicy policy, long requestedCandidateId) {
        page.text(
                "Demo        ",
                "%s, policy %s, %s, %s",
                input.text(),
                config.policyFile(),
                config.durability().name().toLowerCase(Locale.ROOT),
                mode.toLowerCase(Locale.ROOT));
        if (isInterrupted()) {
            page.line(LoadText.INTERRUPTED);
        }
        new LoadText(page, policy, requestedCandidateId).print(result, rehearsal);
        accounts.print(page);
        journal(page);
    }

    private void journal(Page page) {
        page.line("");
        if (verified == null) {
            page.text("Journal     ", "%,.1f MB, in %s", length / MB, directory());
            page.line("  verify    not done: interrupted");
            page.line("  replay    not done: interrupted");
            return;
        }
        page.text(
                "Journal     ",
                "%,d records, %,.1f MB, %,.0f bytes a record, in %s",
                verified.records(),
                length / MB,
                (double) length / Math.max(1, verified.records()),
                directory());
        page.text(
                "  head      ",
                "%d %s",
                verified.head().sequence(),
                verified.head().entryHashHex());
        page.text(
                "  verify    ",
                "%s, %,.0f records a second%s",
                verified.isOk() ? "ok" : "FAILED: " + verified.faultText(),
                verified.recordsPerSecond(),
                verified.isAnchored() ? ", the watermark vouches for the end" : "");
        page.text("            ", "%s", Trust.text());
        if (replayed == null) {
            page.line("  replay    not done: interrupted");
            return;
        }
        page.text(
                "  replay    ",
                "%s, %,d records a second%s",
                replayed.isOk() ? "ok" : "FAILED: " + replayed.firstDifference(),
                replayed.recordsPerSecond(),
                replayed.isOk() && replayed.liveStateDigest() != null
                        ? ", every bit and the state as it was live"
                        : "");
        page.line("  state     %s", replayed.stateDigest());
    }

    private Path directory() {
        return config.dataDir();
    }
}
