package io.ringfence.gateway.server;

import com.lmax.disruptor.SleepingWaitStrategy;
import io.ringfence.engine.bounds.Bounds;
import io.ringfence.engine.command.CommandType;
import io.ringfence.engine.pipeline.DecisionEvent;
import io.ringfence.engine.pipeline.Engine;
import io.ringfence.engine.pipeline.EngineSettings;
import io.ringfence.engine.pipeline.Pipeline;
import io.ringfence.engine.pipeline.PipelineMode;
import io.ringfence.engine.pipeline.SnapshotSink;
import io.ringfence.gateway.answers.AnswerMemory;
import io.ringfence.gateway.answers.FactsIndex;
import io.ringfence.gateway.answers.PastAnswers;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.counters.CountersFile;
import io.ringfence.gateway.counters.CountersView;
import io.ringfence.gateway.session.Principals;
import io.ringfence.gateway.session.Sessions;
import io.ringfence.gateway.transport.Transport;
import io.ringfence.gateway.transport.aeron.AeronTransport;
import io.ringfence.schemas.AccountCommandEncoder;
import io.ringfence.schemas.AccountScope;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.Durability;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.PrincipalCommandEncoder;
import io.ringfence.schemas.RightCommandEncoder;
import io.ringfence.schemas.RightVerb;
import io.ringfence.schemas.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** A whole gateway over real transport, with the test policy, account 1 of a thousand units, and a journal in memory. */
public final class TestGateway implements AutoCloseable {
    static final int REQUEST_STREAM_ID = 1_001;
    static final int CLIENT = 1;
    static final int OTHER_CLIENT = 2;
    static final int OPERATOR = 9;
    static final int REPORTER = 10;
    static final int RISK = 11;
    static final int READER = 12;

    /** A trader on {@link #OTHER_ACCOUNT} alone. */
    static final int STRANGER = 13;

    static final int FIRST_OF_MANY = 100;
    static final long ACCOUNT = 1;
    static final long OTHER_ACCOUNT = 2;
    static final long GRANTED_MICROS = 1_000_000_000;

    /** What a test may vary. */
    record Options(
            PipelineMode mode,
            int ringSize,
            int window,
            Duration timeout,
            PastAnswers pastAnswers,
            NanoClock clock,
            Durability durability,
            int sessions,
            boolean isInMemory,
            UnaryOperator<Sequencer> order,
            int answers) {
        static Options defaults() {
            return new Options(
                    PipelineMode.COMPACT,
                    1_024,
                    64,
                    Duration.ofSeconds(10),
                    PastAnswers.NONE,
                    SystemNanoClock.INSTANCE,
                    Durability.MEMORY,
                    3,
                    false,
                    UnaryOperator.identity(),
                    1_024);
        }

        Options withMode(PipelineMode other) {
            return new Options(
                    other,
                    ringSize,
                    window,
                    timeout,
                    pastAnswers,
                    clock,
                    durability,
                    sessions,
                    isInMemory,
                    order,
                    answers);
        }

        Options withRing(int other) {
            return new Options(
                    mode, other, window, timeout, pastAnswers, clock, durability, sessions, isInMemory, order, answers);
        }

        Options withWindow(int other) {
            return new Options(
                    mode,
                    ringSize,
                    other,
                    timeout,
                    pastAnswers,
                    clock,
                    durability,
                    sessions,
                    isInMemory,
                    order,
                    answers);
        }

        Options withTimeout(Duration other) {
            return new Options(
                    mode,
                    ringSize,
                    window,
                    other,
                    pastAnswers,
                    clock,
                    durability,
                    sessions,
                    isInMemory,
                    order,
                    answers);
        }

        Options withPastAnswers(PastAnswers other) {
            return new Options(
                    mode, ringSize, window, timeout, other, clock, durability, sessions, isInMemory, order, answers);
        }

        Options withDurability(Durability other) {
            return new Options(
                    mode, ringSize, window, timeout, pastAnswers, clock, other, sessions, isInMemory, order, answers);
        }

        Options withSessions(int other) {
            return new Options(
                    mode, ringSize, window, timeout, pastAnswers, clock, durability, other, isInMemory, order, answers);
        }

        /** With a transport within the process, instead of Aeron's. */
        Options inMemory(boolean other) {
            return new Options(
                    mode, ringSize, window, timeout, pastAnswers, clock, durability, sessions, other, order, answers);
        }

        Options withClock(NanoClock other) {
            return new Options(
                    mode,
                    ringSize,
                    window,
                    timeout,
                    pastAnswers,
                    other,
                    durability,
                    sessions,
                    isInMemory,
                    order,
                    answers);
        }

        /** With a sequencer in front of the local one. */
        Options withOrder(UnaryOperator<Sequencer> other) {
            return new Options(
                    mode,
                    ringSize,
                    window,
                    timeout,
                    pastAnswers,
                    clock,
                    durability,
                    sessions,
                    isInMemory,
                    other,
                    answers);
        }

        /** With so many answers at hand. */
        Options withAnswers(int other) {
            return new Options(
                    mode,
                    ringSize,
                    window,
                    timeout,
                    pastAnswers,
                    clock,
                    durability,
                    sessions,
                    isInMemory,
                    order,
                    other);
        }
    }

    final TestJournal journal = new TestJournal();
    final GatewayAgent agent;
    final List<Throwable> errors = new CopyOnWriteArrayList<>();

    private final Path directory;
    private final CountersFile counters;
    private final Transport transport;
    private final Pipeline pipeline;
    private AgentRunner runner;

    private TestGateway(Path directory, Options options) throws IOException {
        this.directory = directory;
        Engine engine = new Engine(settings(), journal, SnapshotSink.NONE);
        begin(engine, options);
        pipeline = new Pipeline(engine, options.mode(), options.ringSize(), new SleepingWaitStrategy());
        transport = options.isInMemory() ? new MemoryTransport() : aeron(directory, options);
        counters = CountersFile.create(
                countersFile(), options.mode().name(), options.durability().name());
        FactsIndex facts = new FactsIndex(1_024, FactsIndex.DEFAULT_MAX_AGE_NS, engine.lastSequence());
        TurnClock clock = new TurnClock(options.clock(), wallClock(), 0, 0, TimeUnit.SECONDS.toNanos(10));
        agent = new GatewayAgent(
                new GatewayAgent.Settings(
                        new Sessions.Settings(
                                options.sessions(),
                                options.window(),
                                options.timeout().toNanos(),
                                TimeUnit.SECONDS.toNanos(1),
                                options.durability()),
                        new Principals(engine.rights().entries())),
                transport,
                options.order()
                        .apply(new LocalSequencer(
                                pipeline, clock, facts, settings().tickIntervalNs(), TimeUnit.SECONDS.toNanos(1))),
                new GatewayAgent.Memory(
                        new AnswerMemory(options.answers(), settings().rememberedPerPrincipal()),
                        facts,
                        options.pastAnswers()),
                journal,
                counters,
                clock);
    }

    /** Goes on from the wall clock's time now, and allocates nothing: the JDK's allocates until it is compiled, which one read a second never is. */
    private static EpochNanoClock wallClock() {
        long startNs = SystemEpochNanoClock.INSTANCE.nanoTime() - System.nanoTime();
        return () -> startNs + System.nanoTime();
    }

    private AeronTransport aeron(Path directory, Options options) {
        return AeronTransport.launch(
                new AeronTransport.Settings(
                        AeronTransport.Settings.defaultAeronDirectory()
                                .resolveSibling("ringfence-test-" + UUID.randomUUID()),
                        directory,
                        REQUEST_STREAM_ID,
                        options.mode() == PipelineMode.COMPACT),
                errors::add);
    }

    /** Five, and from {@link #FIRST_OF_MANY} on as many as there may be sessions. */
    private static Set<Integer> clients(Options options) {
        Set<Integer> clients = new TreeSet<>(Set.of(CLIENT, OTHER_CLIENT, 3, 4, 5));
        for (int i = 0; i < options.sessions(); i++) {
            clients.add(FIRST_OF_MANY + i);
        }
        return clients;
    }

    /** A command that gives a principal its role, on all accounts or on none that is listed yet. */
    static byte[] principal(int principalId, Role role, AccountScope scope) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        PrincipalCommandEncoder principal = new PrincipalCommandEncoder();
        principal
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .principalId(principalId)
                .role(role)
                .scope(scope)
                .name("principal-" + principalId);
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + principal.encodedLength());
    }

    /** A command that lists an account for a principal. */
    static byte[] right(int principalId, long accountId) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        RightCommandEncoder right = new RightCommandEncoder();
        right.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .principalId(principalId)
                .accountId(accountId)
                .verb(RightVerb.GIVE);
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + right.encodedLength());
    }

    /** Runs it on a thread of its own. */
    static TestGateway start(Path directory, Options options) {
        TestGateway gateway = prepare(directory, options);
        gateway.run();
        return gateway;
    }

    /** Leaves its turns to the test. */
    static TestGateway prepare(Path directory, Options options) {
        try {
            return new TestGateway(directory, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run() {
        runner = new AgentRunner(new BackoffIdleStrategy(10, 10, 1_000, 200_000), errors::add, null, agent);
        AgentRunner.startOnThread(runner);
    }

    static EngineSettings settings() {
        return new EngineSettings(
                1,
                1_000_000,
                64,
                400,
                100,
                250,
                100,
                512,
                TimeUnit.MILLISECONDS.toNanos(20),
                false,
                true,
                Bounds.WIDEST,
                new byte[32]);
    }

    private static void begin(Engine engine, Options options) {
        DecisionEvent event = new DecisionEvent();
        apply(engine, event, CommandType.SETTINGS, settings().encode());
        for (byte[] part : TestPolicy.parts()) {
            apply(engine, event, CommandType.POLICY_PART, part);
        }
        apply(engine, event, CommandType.POLICY_ACTIVATE, TestPolicy.activation());
        for (int client : clients(options)) {
            apply(engine, event, CommandType.PRINCIPAL, principal(client, Role.TRADER, AccountScope.ALL));
        }
        apply(engine, event, CommandType.PRINCIPAL, principal(OPERATOR, Role.OPERATOR, AccountScope.ALL));
        apply(engine, event, CommandType.PRINCIPAL, principal(REPORTER, Role.REPORTER, AccountScope.ALL));
        apply(engine, event, CommandType.PRINCIPAL, principal(RISK, Role.RISK, AccountScope.ALL));
        apply(engine, event, CommandType.PRINCIPAL, principal(READER, Role.READER, AccountScope.ALL));
        apply(engine, event, CommandType.PRINCIPAL, principal(STRANGER, Role.TRADER, AccountScope.LISTED));
        apply(engine, event, CommandType.RIGHT, right(STRANGER, OTHER_ACCOUNT));
        apply(engine, event, CommandType.ACCOUNT, openAccount(ACCOUNT, GRANTED_MICROS));
        apply(engine, event, CommandType.ACCOUNT, openAccount(OTHER_ACCOUNT, GRANTED_MICROS));
    }

    static byte[] openAccount(long accountId, long grantedMicros) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        AccountCommandEncoder account = new AccountCommandEncoder();
        account.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .accountId(accountId)
                .parentAccountId(AccountCommandEncoder.parentAccountIdNullValue())
                .amountMicros(grantedMicros)
                .verb(AccountVerb.OPEN)
                .capMicros(0)
                .name("account-" + accountId);
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + account.encodedLength());
    }

    private static void apply(Engine engine, DecisionEvent event, CommandType type, byte[] command) {
        event.accept(type, engine.lastSequence() + 1, 1, 0, 0, new UnsafeBuffer(command), 0, command.length);
        engine.apply(event);
    }

    ClientSettings client(int principalId) {
        return new ClientSettings(
                Path.of(aeronDirectory()),
                REQUEST_STREAM_ID,
                principalId,
                Duration.ofMillis(100),
                Duration.ofSeconds(20));
    }

    /** Commands that were taken and whose answers are not made yet. Another thread may see an earlier figure. */
    int depth() {
        return pipeline.depth();
    }

    /** Directory of the media driver. Not of a gateway in memory. */
    String aeronDirectory() {
        return ((AeronTransport) transport).aeronDirectory();
    }

    /** A client's end of this gateway's transport, with a stream of answers that may be another client's. */
    Wire connect(int responseStreamId) {
        return transport instanceof MemoryTransport memory
                ? memory.connect(responseStreamId)
                : new AeronWire(aeronDirectory(), REQUEST_STREAM_ID, responseStreamId);
    }

    Path countersFile() {
        return directory.resolve("counters.dat");
    }

    CountersView counters() throws IOException {
        return CountersView.open(countersFile());
    }

    @Override
    public void close() {
        if (runner != null) {
            runner.close(GatewayAgent.STOP_TIMEOUT_MS, null);
        }
        CloseHelper.closeAll(pipeline, transport, counters);
        if (agent.failure() != null && !journal.isFailing()) {
            throw new AssertionError("the gateway failed", agent.failure());
        }
    }
}
