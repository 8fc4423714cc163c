package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.engine.proof.LedgerDigest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Judges a ledger snapshot as the peer does: its digest, whether it is balanced, whether it may be restored.
 *
 * @param version   u64 bits; the top bit and the next hold id where it can be restored.
 * @param openHolds u64 bits.
 * @param watermark u64 bits; empty when there is none.
 * @param rows      in the order of the snapshot.
 */
record LedgerSnapshot(long version, long openHolds, OptionalLong watermark, List<LedgerDigest.Row> rows) {
    private static final String AGGREGATE_OVERFLOW = "AggregateOverflow";

    /** Takes a snapshot out of a vector. */
    static LedgerSnapshot of(JsonNode node) {
        List<LedgerDigest.Row> rows = new ArrayList<>();
        for (JsonNode row : node.path("tenants")) {
            VectorFile.sized(row, "tenant", 5);
            rows.add(new LedgerDigest.Row(
                    row.get(0).asText().getBytes(StandardCharsets.UTF_8),
                    VectorFile.i64(row.get(1)),
                    VectorFile.i64(row.get(2)),
                    VectorFile.i64(row.get(3)),
                    VectorFile.i64(row.get(4))));
        }
        JsonNode watermark = node.path("wal_high_watermark");
        return new LedgerSnapshot(
                VectorFile.u64(node.path("version")),
                VectorFile.u64(node.path("active_reservations")),
                watermark.isNull() ? OptionalLong.empty() : OptionalLong.of(VectorFile.u64(watermark)),
                rows);
    }

    /** The snapshot as a vector has it; only of a ledger's own, which has no watermark. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", unsigned(version));
        fields.put("active_reservations", unsigned(openHolds));
        fields.put("wal_high_watermark", null);
        fields.put("tenants", rows.stream().map(LedgerSnapshot::fields).toList());
        return fields;
    }

    byte[] digest() {
        return LedgerDigest.of(version, openHolds, rows, watermark);
    }

    /** The verdict's name and values; the first finding in row order. */
    List<Object> conservation() {
        for (LedgerDigest.Row row : rows) {
            List<Object> finding = conservation(row);
            if (!finding.isEmpty()) {
                return finding;
            }
        }
        return List.of("Balanced");
    }

    /** The result's name and values; the first rule broken. */
    List<Object> restore() {
        if (version >= 0 || version == Long.MIN_VALUE) {
            long shown = version >= 0 ? version : Long.MAX_VALUE;
            return List.of("NegativeLedgerField", "<snapshot-metadata>", "recovery-aware version tag", shown);
        }
        if (openHolds != 0) {
            return List.of("ActiveReservations", unsigned(openHolds));
        }
        Set<String> seen = new HashSet<>();
        for (LedgerDigest.Row row : rows) {
            List<Object> fault = seen.add(name(row)) ? fault(row) : List.of("DuplicateTenant", name(row));
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        List<Object> conservation = conservation();
        return conservation.size() == 1 && conservation.get(0).equals("Balanced")
                ? List.of("Ok")
                : List.of("ConservationViolation", conservation);
    }

    private static List<Object> conservation(LedgerDigest.Row row) {
        try {
            long sum = Math.addExact(Math.addExact(row.remainingMicros(), row.reservedMicros()), row.committedMicros());
            long surplus = Math.subtractExact(sum, row.initialMicros());
            if (surplus != 0) {
                return List.of("Violation", name(row), surplus);
            }
        } catch (ArithmeticException e) {
            return List.of(AGGREGATE_OVERFLOW);
        }
        return row.remainingMicros() < 0 ? List.of("Violation", name(row), row.remainingMicros()) : List.of();
    }

    private static List<Object> fault(LedgerDigest.Row row) {
        if (row.reservedMicros() != 0) {
            return List.of("GhostReservation", name(row), row.reservedMicros());
        }
        if (row.remainingMicros() < 0) {
            return List.of("NegativeLedgerField", name(row), "remaining_microcents", row.remainingMicros());
        }
        if (row.initialMicros() < 0) {
            return List.of("NegativeLedgerField", name(row), "initial_microcents", row.initialMicros());
        }
        if (row.committedMicros() < 0) {
            return List.of("NegativeLedgerField", name(row), "committed_microcents", row.committedMicros());
        }
        return List.of();
    }

    private static List<Object> fields(LedgerDigest.Row row) {
        return List.of(
                name(row), row.initialMicros(), row.remainingMicros(), row.reservedMicros(), row.committedMicros());
    }

    private static String name(LedgerDigest.Row row) {
        return new String(row.id(), StandardCharsets.UTF_8);
    }

    private static BigInteger unsigned(long bits) {
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
