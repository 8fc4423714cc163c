package io.ringfence.perf;

import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.kernel.KernelInput;
import io.ringfence.engine.proof.DecisionSeal;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to seal one decision: input digest, decision digest, and the chain hash of a 448-byte record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"})
public class SealBenchmark {
    private static final int RECORD_LENGTH = 448;
    private static final int HASH_LENGTH = 32;
    private static final int TAG_LENGTH = 9;

    private final DecisionSeal seal = new DecisionSeal();
    private final KernelDecision decision = new KernelDecision();
    private final KernelInput input = KernelMix.PEER.input(1, 22);
    private final byte[] digests = new byte[2 * HASH_LENGTH];
    private final byte[] record = new byte[RECORD_LENGTH];
    private final byte[] tag = new byte[TAG_LENGTH];
    private final byte[] entryHash = new byte[HASH_LENGTH];
    private MessageDigest sha256;
    private long sequence;

    /** Decides once, so that there is something to seal. */
    @Setup
    public void prepare() throws NoSuchAlgorithmException {
        sha256 = MessageDigest.getInstance("SHA-256");
        new Kernel().evaluate(KernelMix.PEER.catalog(22), input, decision);
    }

    /** Input digest, decision digest and chain hash. */
    @Benchmark
    public byte[] seal() throws DigestException {
        digests();
        return chain();
    }

    /** Input digest and decision digest. */
    @Benchmark
    public byte[] digests() {
        input.requestSequence(++sequence);
        seal.input(input, digests, 0);
        seal.decision(decision, digests, HASH_LENGTH);
        return digests;
    }

    /** Chain hash over tag, previous entry hash and record. */
    @Benchmark
    public byte[] chain() throws DigestException {
        sha256.update(tag);
        sha256.update(entryHash);
        sha256.update(record);
        sha256.digest(entryHash, 0, HASH_LENGTH);
        return entryHash;
    }
}
