package io.ringfence.engine.budget;

import java.util.ArrayList;
import java.util.List;

/** The plain twin of the outstanding facts of one account: 64 that are settled one by one, and the rest together. */
final class PlainFacts {
    private static final int LISTED_MAX = 64;

    private final List<Long> listed = new ArrayList<>();
    private final List<Long> beyond = new ArrayList<>();

    void add(long sequence) {
        (isNextListed() ? listed : beyond).add(sequence);
    }

    boolean isNextListed() {
        return listed.size() < LISTED_MAX && beyond.isEmpty();
    }

    int count() {
        return listed.size() + beyond.size();
    }

    List<Long> listed() {
        return listed;
    }

    List<Long> beyond() {
        return beyond;
    }

    boolean has(long first, long last, long count) {
        return isBeyond(first, last, count) || count == 1 && first == last && listed.contains(first);
    }

    void settle(long first, long last, long count) {
        if (isBeyond(first, last, count)) {
            beyond.clear();
        } else {
            listed.remove(first);
        }
    }

    private boolean isBeyond(long first, long last, long count) {
        return !beyond.isEmpty()
                && count == beyond.size()
                && first == beyond.get(0)
                && last == beyond.get(beyond.size() - 1);
    }
}
