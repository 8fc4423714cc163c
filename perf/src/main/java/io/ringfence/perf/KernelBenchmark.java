package io.ringfence.perf;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.kernel.PlainKernel;
import io.ringfence.engine.policy.Catalog;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time of one decision: the kernel beside the plain one of the test tree, over the same inputs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
public class KernelBenchmark {
    private static final int INPUTS = 65_536;
    private static final int STRIDE = 25_033;

    /** Mix and count of candidates. */
    @Param({"PEER-22", "WIDE-22", "WIDE-64", "WIDE-1024", "GATED-22", "GATED-64", "GATED-1024"})
    public String mix;

    private final Kernel kernel = new Kernel();
    private final PlainKernel plainKernel = new PlainKernel();
    private final KernelDecision decision = new KernelDecision();
    private final KernelInput[] inputs = new KernelInput[INPUTS];
    private Catalog catalog;
    private int stride;
    private int next;

    /** Builds catalog and inputs; the peer mix is visited in order, the others by a stride. */
    @Setup
    public void prepare() {
        String[] parts = mix.split("-");
        KernelMix kind = KernelMix.valueOf(parts[0]);
        int count = Integer.parseInt(parts[1]);
        catalog = kind.catalog(count);
        stride = kind == KernelMix.PEER ? 1 : STRIDE;
        for (int index = 0; index < INPUTS; index++) {
            inputs[index] = kind.input(index + 1L, count);
        }
    }

    /** The kernel of the engine. */
    @Benchmark
    public KernelDecision kernel() {
        kernel.evaluate(catalog, nextInput(), decision);
        return decision;
    }

    /** The plain kernel of the test tree. */
    @Benchmark
    public KernelDecision plain() {
        plainKernel.evaluate(catalog, nextInput(), decision);
        return decision;
    }

    private KernelInput nextInput() {
        next = (next + stride) & (INPUTS - 1);
        return inputs[next];
    }
}
