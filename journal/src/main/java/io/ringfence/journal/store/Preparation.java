package io.ringfence.journal.store;

/** What is done to a roll file before it is written. */
public enum Preparation {
    /** Nothing but making it: every page is found, allocated and mapped by the append that first meets it. */
    NONE,
    /** Every page is in memory, allocated and writable in the appender's map: best where nothing waits for a sync. */
    TOUCHED_PAGES,
    /** Every page has a written block on the disk, and the file's length and place are safe: best where syncs are waited for. */
    WRITTEN_BLOCKS
}
