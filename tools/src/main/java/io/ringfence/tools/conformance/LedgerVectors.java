package io.ringfence.tools.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** Checks the ledger against snapshots and traces of calls. */
public final class LedgerVectors implements VectorKind.Suite {
    @Override
    public VectorKind.Report run(Path file) throws IOException {
        return VectorFile.check(file, "ledger", line -> {
            ExpectedResults results =
                    new ExpectedResults("id " + line.path("id").asText());
            check(line, results);
            return results.difference();
        });
    }

    private static void check(JsonNode vector, ExpectedResults results) {
        String kind = vector.path("kind").asText();
        switch (kind) {
            case "static" -> checkSnapshot(vector, results);
            case "ops" -> checkTrace(vector, results);
            default -> throw new IllegalArgumentException("kind must be static or ops: kind=" + kind);
        }
    }

    private static void checkSnapshot(JsonNode vector, ExpectedResults results) {
        LedgerSnapshot snapshot = LedgerSnapshot.of(vector.path("snapshot"));
        results.expect("digest", vector.path("ledger_digest"), hex(snapshot));
        results.expect("conservation", vector.path("conservation"), snapshot.conservation());
        results.expect("restore", vector.path("restore"), snapshot.restore());
    }

    private static void checkTrace(JsonNode vector, ExpectedResults results) {
        PeerLedger ledger = new PeerLedger();
        int step = 0;
        for (JsonNode call : vector.path("ops")) {
            check(ledger, call, results, "step " + step++ + " " + call.path(0).asText());
        }
        LedgerSnapshot last = ledger.snapshot();
        results.expect("final", vector.path("final"), last.fields());
        results.expect("digest", vector.path("ledger_digest"), hex(last));
        results.expect("conservation", vector.path("conservation"), last.conservation());
    }

    private static void check(PeerLedger ledger, JsonNode call, ExpectedResults results, String step) {
        switch (call.path(0).asText()) {
            case "ensure" -> ledger.ensure(text(call, 1), i64(call, 2));
            case "set_max_reserved" -> ledger.setCap(text(call, 1), i64(call, 2));
            case "top_up" -> results.expect(step, call.path(3), ledger.topUp(text(call, 1), i64(call, 2)));
            case "reserve" -> {
                List<Object> answer = ledger.reserve(text(call, 1), i64(call, 2));
                results.expect(step, call.path(3), answer.get(0));
                results.expect(step + " hold", call.path(4), answer.get(1));
            }
            case "commit" -> results.expect(step, call.path(3), ledger.commit(u64(call, 1), i64(call, 2)));
            case "release" -> results.expect(step, call.path(2), ledger.release(u64(call, 1)));
            case "snapshot" -> {
                LedgerSnapshot snapshot = ledger.snapshot();
                results.expect(step, call.path(1), snapshot.fields());
                results.expect(step + " digest", call.path(2), hex(snapshot));
            }
            default -> throw new IllegalArgumentException("call must be one of the ledger's: call=" + call);
        }
    }

    private static String text(JsonNode call, int index) {
        return call.path(index).asText();
    }

    private static long i64(JsonNode call, int index) {
        return VectorFile.i64(call.path(index));
    }

    private static long u64(JsonNode call, int index) {
        return VectorFile.u64(call.path(index));
    }

    private static String hex(LedgerSnapshot snapshot) {
        return HexFormat.of().formatHex(snapshot.digest());
    }
}
