package io.ringfence.perf.floor;

import io.ringfence.schemas.Durability;
import java.util.List;
import java.util.Locale;

/** A load: messages in flight, kinds of messages, and what an answer waits for. */
enum Load {
    /** An order, then its fill, one message in flight; only orders are timed. */
    ONE("memory, one in flight: an order, then its fill; times are those of orders", Durability.MEMORY, 1, false),
    /** Orders and fills in turn. */
    ORDERS("memory, 256 in flight: orders and fills in turn", Durability.MEMORY, 256, false),
    /** The order flow of {@code demo}. */
    FLOW("memory, 256 in flight: the order flow of demo", Durability.MEMORY, 256, true),
    /** Orders and fills in turn, synced. */
    DISK_128("disk, 128 in flight: orders and fills in turn", Durability.DISK, 128, false),
    /** Orders and fills in turn, synced, a full window. */
    DISK_1024("disk, 1,024 in flight: orders and fills in turn", Durability.DISK, 1_024, false);

    private final String text;
    private final Durability durability;
    private final int inflight;
    private final boolean isFlow;

    Load(String text, Durability durability, int inflight, boolean isFlow) {
        this.text = text;
        this.durability = durability;
        this.inflight = inflight;
        this.isFlow = isFlow;
    }

    /** As {@code --only} and {@code --json} name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    String text() {
        return text;
    }

    Durability durability() {
        return durability;
    }

    int inflight() {
        return inflight;
    }

    boolean isFlow() {
        return isFlow;
    }

    boolean isMemory() {
        return durability == Durability.MEMORY;
    }

    /** Contestants of this load; an echo takes no part with DISK. */
    List<Who> contestants() {
        return isMemory() ? List.of(Who.ECHO, Who.FLOOR, Who.RINGFENCE) : List.of(Who.FLOOR, Who.RINGFENCE);
    }

    /** The contestants. */
    enum Who {
        /** Bare Aeron IPC, 256 bytes each way. */
        ECHO,
        /** The floor: hashes, append and answer, without a decision. */
        FLOOR,
        /** The product. */
        RINGFENCE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
