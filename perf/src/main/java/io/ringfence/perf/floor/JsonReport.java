package io.ringfence.perf.floor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.perf.floor.Contestant.Work;
import io.ringfence.perf.floor.Load.Who;
import io.ringfence.perf.floor.LoadResult.Run;
import java.util.List;

/** The object that {@code --json} prints. Times are in ns; all are medians over the rounds unless named otherwise. */
final class JsonReport {
    private JsonReport() {}

    static ObjectNode of(int rounds, List<LoadResult> results, Machine machine) {
        ObjectNode object = object();
        object.put("rounds", rounds);
        object.set("machine", machine.json());
        ObjectNode memory = object();
        object.set("memory", memory);
        for (LoadResult result : results) {
            Load load = result.load();
            ObjectNode target = load.isMemory() ? memory : object;
            target.set(load.key(), load == Load.ONE ? latencies(result) : throughput(result));
        }
        return object;
    }

    private static ObjectNode latencies(LoadResult result) {
        ObjectNode object = object();
        for (Who who : result.load().contestants()) {
            ObjectNode figures = figures(result, who);
            object.set(who.key(), figures);
        }
        object.set("ratio", ratio(result, Who.RINGFENCE, Who.FLOOR));
        object.set("floor_by_echo", ratio(result, Who.FLOOR, Who.ECHO));
        work(result, object);
        return object;
    }

    private static ObjectNode ratio(LoadResult result, Who who, Who by) {
        return object().put("p50", rounded(result.ratio(who, by, Run::p50Ns)))
                .put("p99", rounded(result.ratio(who, by, Run::p99Ns)));
    }

    private static ObjectNode throughput(LoadResult result) {
        ObjectNode object = object();
        for (Who who : result.load().contestants()) {
            object.put(who.key() + "_per_s", Math.round(result.median(who, Run::perSecond)));
        }
        object.put("ratio", rounded(result.ratio(Who.RINGFENCE, Who.FLOOR, Run::nsPerCommand)));
        object.put("cpu_ns", rounded(result.median(Who.RINGFENCE, Run::serverCpuNs)));
        object.put("page_faults_per_million", rounded(result.median(Who.RINGFENCE, Run::faultsPerMillion)));
        object.put("cpu_ratio", rounded(result.ratio(Who.RINGFENCE, Who.FLOOR, Run::serverCpuNs)));
        object.put("ratio_least", rounded(least(result.ratios(Who.RINGFENCE, Who.FLOOR, Run::nsPerCommand))));
        if (result.load().isMemory()) {
            object.put("floor_by_echo", rounded(result.ratio(Who.FLOOR, Who.ECHO, Run::nsPerCommand)));
        }
        for (Who who : result.load().contestants()) {
            object.set(who.key(), figures(result, who));
        }
        work(result, object);
        return object;
    }

    private static ObjectNode figures(LoadResult result, Who who) {
        return object().put("p50", Math.round(result.median(who, Run::p50Ns)))
                .put("p99", Math.round(result.median(who, Run::p99Ns)))
                .put("p50_least", Math.round(result.least(who, Run::p50Ns)))
                .put("p99_least", Math.round(result.least(who, Run::p99Ns)))
                .put("commands", Math.round(result.median(who, Run::commands)))
                .put("command_ns", rounded(result.median(who, Run::nsPerCommand)))
                .put("command_ns_least", rounded(result.least(who, Run::nsPerCommand)))
                .put("cpu_ns", rounded(result.median(who, Run::serverCpuNs)))
                .put("client_cpu_ns", rounded(result.median(who, Run::clientCpuNsPerCommand)))
                .put("page_faults_per_million", rounded(result.median(who, Run::faultsPerMillion)))
                .put("voluntary_switches_per_s", rounded(result.median(who, Run::voluntaryPerSecond)))
                .put("involuntary_switches_per_s", rounded(result.median(who, Run::involuntaryPerSecond)));
    }

    private static void work(LoadResult result, ObjectNode object) {
        ObjectNode work = object();
        for (Who who : List.of(Who.FLOOR, Who.RINGFENCE)) {
            Work done = result.lastWork(who);
            work.set(
                    who.key(),
                    object().put("commands", done.commands())
                            .put("bytes", done.bytes())
                            .put("hashes", done.hashes()));
        }
        object.set("work", work.put("is_same", result.isSameWork()));
    }

    private static double least(double[] values) {
        double least = values[0];
        for (double value : values) {
            least = Math.min(least, value);
        }
        return least;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
