package io.ringfence.gateway.counters;

/** A figure of the whole engine that other processes can read. */
public enum EngineCounter {
    /** Admissions and orders answered by a decision, admitted or rejected; duplicates do not count. */
    DECISIONS("decisions"),
    /** Decisions that allowed something, substituted ones included. */
    ADMITTED("admitted"),
    /** Decisions that allowed another candidate than was asked for. */
    SUBSTITUTED("substituted"),
    /** Decisions that allowed nothing. */
    REJECTED("rejected"),
    /** Answers that were repeated. */
    DUPLICATES("duplicates"),
    /** Messages refused before they took a sequence. */
    REFUSED("refused"),
    /** Slots of the ring that are claimed and not yet free again. */
    RING_DEPTH("ring_depth"),
    /** Slots of the ring. */
    RING_SIZE("ring_size"),
    /** Sequence last stamped. */
    SEQUENCE("sequence"),
    /** Sequence last appended to the journal. */
    APPENDED("appended"),
    /** Sequence known to be on the disk. */
    WATERMARK("watermark"),
    /** How long the last sync took, in ns. */
    LAST_SYNC_NS("last_sync_ns"),
    /** How long the longest sync took, in ns. */
    MAX_SYNC_NS("max_sync_ns"),
    /** Number of holds that stand. */
    OPEN_HOLDS("open_holds"),
    /** Number of open sessions. */
    SESSIONS("sessions"),
    /** 1 when there are more accounts than those whose figures are shown. */
    HAS_MORE_ACCOUNTS("has_more_accounts"),
    /** 1 when the wall clock stepped too far: admissions are refused. */
    CLOCK_STEPPED("clock_stepped"),
    /** 1 when there is too little room on the disk, or {@link #NEXT_FILE_FAILED} is 1: admissions are refused. */
    DISK_LOW("disk_low"),
    /** 1 when the engine has stopped because something is broken. */
    FAILED("failed"),
    /** Busts and corrections of an unknown execution: they gave no money back. */
    UNMATCHED_REVISIONS("unmatched_revisions"),
    /** Snapshots that could not be written. */
    SNAPSHOT_FAILURES("snapshot_failures"),
    /** Checks of the disk and the journal that failed. */
    WATCH_FAILURES("watch_failures"),
    /** 1 when there are more positions than are shown. */
    HAS_MORE_POSITIONS("has_more_positions"),
    /** 1 when the journal's next roll file could not be made at the last attempt. */
    NEXT_FILE_FAILED("next_file_failed"),
    /** 1 while the engine starts: nobody is served yet. {@link #APPENDED} then shows how far it has read the journal. */
    STARTING("starting"),
    /** Records that the start left to be proved while the engine serves. */
    OLDER_RECORDS("older_records"),
    /** How many of them are proved. */
    OLDER_PROVED("older_proved"),
    /** First sequence of them that is damaged or cannot be read: admissions are refused; 0: none. */
    DAMAGED_SEQUENCE("damaged_sequence"),
    /** Sequence of the newest snapshot; 0 for none. */
    SNAPSHOT_SEQUENCE("snapshot_sequence"),
    /** When the newest snapshot was written, in ms since 1970; 0 for none. */
    SNAPSHOT_AT_MS("snapshot_at_ms"),
    /** Length of the newest snapshot's file in bytes. */
    SNAPSHOT_BYTES("snapshot_bytes"),
    /** Who wrote the newest snapshot: 0 an earlier process, 1 the stages, 2 the follower, 3 the stop. */
    SNAPSHOT_BY("snapshot_by"),
    /** Markers at which no snapshot was written: the follower was behind, or there is none. */
    SNAPSHOTS_SKIPPED("snapshots_skipped"),
    /** Sequence up to which the follower has replayed the journal; 0 while there is no follower. */
    FOLLOWED("follower_sequence"),
    /** How far event time is ahead of the wall clock, in ns; below 0: behind. Compared about once a second. */
    CLOCK_AHEAD_NS("clock_ahead_ns"),
    /** Reported facts of all accounts, and of none, that a person has to book or drop. */
    OUTSTANDING_FACTS("outstanding_facts"),
    /** Those of no account. */
    UNOWNED_FACTS("unowned_facts"),
    /** Sequence of the head that was kept last, by {@code head.file} or {@code head.command}; 0: none yet. */
    HEAD_KEPT("head_kept_sequence"),
    /** Heads that could not be kept. */
    HEAD_FAILURES("head_failures"),
    /** Decisions since the start on which the open circuit of a provider kept a request from it. */
    WITHHELD("withheld_decisions"),
    /** Sequence of the last of them; 0: none since the start. */
    WITHHELD_SEQUENCE("withheld_sequence"),
    /** Outcomes since the start that taught nothing because the learning of their use case is frozen. */
    FROZEN_OUTCOMES("frozen_outcomes"),
    /** Alarms of drift and divergence since the start. */
    LEARNING_ALARMS("learning_alarms"),
    /** Use case of the last of them. */
    ALARM_USE_CASE("alarm_use_case"),
    /** Sequence of the outcome that raised it; 0: none since the start. */
    ALARM_SEQUENCE("alarm_sequence"),
    /** Use cases whose learning a command has frozen, a bit for each code. */
    FROZEN_BY_COMMAND("frozen_by_command"),
    /** Use cases whose learning an alarm of drift has frozen, a bit for each code. */
    FROZEN_BY_DRIFT("frozen_by_drift_alarm"),
    /** Use cases whose learning an alarm of divergence has frozen, a bit for each code. */
    FROZEN_BY_DIVERGENCE("frozen_by_divergence_alarm"),
    /** Providers whose circuit is open or half open, a bit each. */
    OPEN_CIRCUITS("open_circuits"),
    /** Those of them whose circuit is half open: a request may probe them, or has done so and has no outcome yet. */
    HALF_OPEN_CIRCUITS("half_open_circuits");

    static final int TYPE_ID = 1_001;

    private final String label;

    EngineCounter(String label) {
        this.label = label;
    }

    /** Is it a mask of numbers 0 to 63, a bit each, rather than a figure? */
    public boolean isMask() {
        return compareTo(FROZEN_BY_COMMAND) >= 0 && compareTo(HALF_OPEN_CIRCUITS) <= 0;
    }

    /** Name of the figure in the counter's label. */
    public String label() {
        return label;
    }
}
