package io.ringfence.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.AccountsFile;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.schemas.Durability;
import io.ringfence.tools.input.AccountRule;
import io.ringfence.tools.input.OrderFile;
import io.ringfence.tools.input.OrderRouting;
import io.ringfence.tools.input.OrderTape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The load loop takes its turns on the test's own thread, whose allocation is counted; gateway and engine have theirs. */
@Tag("alone")
@Tag("system")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class LoadAllocationTest {
    private static final Path CONF = Path.of(System.getProperty("ringfence.root"), "conf");
    private static final int ORDERS_IN_ROUND = 8_000;
    private static final int WARM_UP = 40_000;
    private static final int MEASURED = 20_000;

    /** Warm is when the compilers are done, which on a busy machine takes rounds; one without any shows that we allocate none. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(200);

    @TempDir
    private Path folder;

    @Test
    void shouldAllocateNothingPerMadeOrderOnceWarm() throws IOException {
        OrderTape tape = LoadInput.of("synthetic").tape(ORDERS_IN_ROUND);

        assertEquals(0, bytesPerOrder(tape));
    }

    @Test
    void shouldAllocateNothingPerOrderOfAFileOnceWarm() throws IOException {
        Path orders = OrderFile.write(folder.resolve("orders.csv"), 5, 3 * ORDERS_IN_ROUND);
        OrderTape tape = LoadInput.of("bitstamp:" + orders).tape(Long.MAX_VALUE);

        assertEquals(0, bytesPerOrder(tape));
    }

    private long bytesPerOrder(OrderTape tape) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ServerConfig config = config();
        AccountRule accounts =
                new AccountRule(AccountsFile.read(config.accountsFile()).orderAccountIds());
        OrderRouting routing = new OrderRouting(CompiledPolicy.read(config.policyFile()));
        LoadTally tally = new LoadTally();
        try (Ringfence engine = Ringfence.start(config);
                RingfenceClient client = RingfenceClient.connect(
                        ClientSettings.of(Path.of(engine.aeronDirectory()), config.requestStreamId(), 1))) {
            OrderDesk desk = new OrderDesk(client, routing, accounts, tape.createdCount(), tally, new Latencies());
            loop(client, desk, tape, WARM_UP).run();
            long perOrder = Long.MAX_VALUE;
            long startNs = System.nanoTime();
            while (perOrder > 0 && System.nanoTime() - startNs < PATIENCE_NS) {
                LoadLoop measured = loop(client, desk, tape, MEASURED);
                long before = threads.getCurrentThreadAllocatedBytes();
                measured.run();
                perOrder = (threads.getCurrentThreadAllocatedBytes() - before) / MEASURED;
                assertEquals(MEASURED, tally.requests());
            }
            return perOrder;
        }
    }

    private ServerConfig config() {
        return ServerConfig.read(CONF.resolve("ringfence.yaml"))
                .with(
                        folder.resolve("j"),
                        Optional.empty(),
                        Durability.MEMORY,
                        Optional.of(PipelineMode.COMPACT),
                        CONF.resolve("policies/crypto.yaml"),
                        CONF.resolve("accounts.yaml"));
    }

    private static LoadLoop loop(RingfenceClient client, OrderDesk desk, OrderTape tape, long orders) {
        LoadPlan plan = new LoadPlan(orders, Long.MAX_VALUE, 64, 0, 0);
        return new LoadLoop(client, desk, tape, plan.pace(client.window()), plan);
    }
}
