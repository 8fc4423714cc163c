package io.ringfence.engine.intake;

import io.ringfence.engine.recent.RecentRows;

/** One principal's last requests, oldest to newest, and the highest id of those forgotten. */
final class PrincipalRequests {
    static final int NONE = RecentRows.NONE;

    private static final int REQUEST_ID = 0;
    private static final int SEQUENCE = 1;
    private static final int BODY_HASH = 2;
    private static final int STRIDE = 3;

    private final int principalId;
    private final RecentRows rows;
    private boolean hasForgotten;
    private long highestForgotten;

    PrincipalRequests(int principalId, int bound) {
        this.principalId = principalId;
        this.rows = new RecentRows(bound, STRIDE, row -> RecentRows.hash(requestId(row)));
    }

    int find(long requestId) {
        long hash = RecentRows.hash(requestId);
        int row = rows.find(hash);
        while (row != NONE && requestId(row) != requestId) {
            row = rows.findOlder(row, hash);
        }
        return row;
    }

    boolean mayHaveForgotten(long requestId) {
        return hasForgotten && Long.compareUnsigned(requestId, highestForgotten) <= 0;
    }

    void add(long requestId, long sequence, long bodyHash) {
        int row = rows.add(RecentRows.hash(requestId));
        rows.set(row, REQUEST_ID, requestId);
        rows.set(row, SEQUENCE, sequence);
        rows.set(row, BODY_HASH, bodyHash);
    }

    void forgetOldest() {
        forgot(requestId(rows.row(0)));
        rows.dropOldest();
    }

    void forgot(long requestId) {
        if (!hasForgotten || Long.compareUnsigned(requestId, highestForgotten) > 0) {
            highestForgotten = requestId;
        }
        hasForgotten = true;
    }

    /** The highest id that came, remembered or not; u64 bits. Walks all. */
    long highest() {
        long highest = highestForgotten;
        for (int index = 0; index < rows.size(); index++) {
            long requestId = requestId(rows.row(index));
            highest = Long.compareUnsigned(requestId, highest) > 0 ? requestId : highest;
        }
        return highest;
    }

    /** Sequence of the oldest request remembered; {@link Long#MAX_VALUE} when there is none. */
    long oldestSequence() {
        return rows.size() == 0 ? Long.MAX_VALUE : sequence(rows.row(0));
    }

    int principalId() {
        return principalId;
    }

    boolean hasForgotten() {
        return hasForgotten;
    }

    long highestForgotten() {
        return highestForgotten;
    }

    int size() {
        return rows.size();
    }

    /** Row of one of those remembered, oldest first from 0. */
    int row(int index) {
        return rows.row(index);
    }

    long requestId(int row) {
        return rows.cell(row, REQUEST_ID);
    }

    long sequence(int row) {
        return rows.cell(row, SEQUENCE);
    }

    long bodyHash(int row) {
        return rows.cell(row, BODY_HASH);
    }
}
