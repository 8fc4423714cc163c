package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.journal.chain.Head;
import io.ringfence.journal.read.JournalProver;

/** Says what a journal without a key proves, wherever a command shows that records are proved. */
public final class Trust {
    /** What the hash chain alone leaves open. */
    public static final String NOT_AUTHENTICATED =
            "not authenticated: anyone who can write in the journal's directory can rewrite the journal unnoticed";

    /** What to do about it. */
    public static final String WAYS_OUT =
            "to notice it, keep a head where those users cannot write (head, or head.file of serve), and check it with"
                    + " verify --expect SEQ:HASH; a key would prevent it, and this version has none yet";

    private Trust() {}

    /** One line for a journal of which no kept head was checked. */
    public static String text() {
        return NOT_AUTHENTICATED + "; " + WAYS_OUT;
    }

    /** One line for a verification. */
    static String text(JournalProver.Report report) {
        if (!report.isOk() || report.kept() == null) {
            return text();
        }
        if (report.kept().sequence() == report.head().sequence()) {
            return "the kept head vouches for all records";
        }
        return "the kept head vouches for the records up to " + report.kept().sequence() + "; those behind it are "
                + text();
    }

    /** Why a kept head is not in the journal, in one line; null if it is, or none was given. */
    static String refusal(JournalProver.Report report) {
        if (report.isKeptFound()) {
            return null;
        }
        Head kept = report.kept();
        if (report.found() == null) {
            return "the kept head " + kept + " is not in the journal: its last proved record is "
                    + report.head().sequence();
        }
        return "the kept head " + kept + " is not in the journal: record " + kept.sequence() + " has entry hash "
                + report.found().entryHashHex()
                + ": it, or a record before it, was rewritten, or the head is another journal's";
    }

    /** Puts what was checked of a verification beyond the chain, and what was not. */
    static void put(JournalProver.Report report, ObjectNode object) {
        boolean isKept = report.isOk() && report.kept() != null;
        long vouchedFor = isKept ? report.kept().sequence() : 0;
        if (vouchedFor == report.head().sequence() && vouchedFor > 0) {
            object.putNull("rewritable_from").putNull("caution");
        } else {
            object.put("rewritable_from", vouchedFor + 1).put("caution", text());
        }
        if (report.kept() == null) {
            object.putNull("kept_head");
            return;
        }
        object.putObject("kept_head")
                .put("sequence", report.kept().sequence())
                .put("entry_hash", report.kept().entryHashHex())
                .put("found", report.isKeptFound())
                .put(
                        "entry_hash_here",
                        report.found() == null ? null : report.found().entryHashHex());
    }
}
