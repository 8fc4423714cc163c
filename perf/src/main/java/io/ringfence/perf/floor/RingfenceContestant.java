package io.ringfence.perf.floor;

import io.ringfence.gateway.Ringfence;
import io.ringfence.gateway.client.ClientSettings;
import io.ringfence.gateway.client.RingfenceClient;
import io.ringfence.gateway.config.ServerConfig;
import io.ringfence.schemas.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.agrona.CloseHelper;

/** The product in mode {@code compact}, spinning, under the crypto policy with budgets that no run exhausts. */
final class RingfenceContestant implements Contestant {
    private static final int PRINCIPAL = 1;

    private final Path journal;
    private final Ringfence ringfence;
    private final RingfenceLink link;

    /**
     * Starts it and logs a client on.
     *
     * @param home      of the installation, with {@code conf} in it.
     * @param directory for its configuration and journal; is there and empty.
     */
    RingfenceContestant(Path home, Path aeronDirectory, Path directory, Durability durability) {
        journal = directory.resolve("journal");
        Path config = directory.resolve("ringfence.yaml");
        try {
            Files.writeString(
                    config,
                    String.join(
                            "\n",
                            "data_dir: " + journal,
                            "durability: " + durability.name().toLowerCase(Locale.ROOT),
                            "mode: compact",
                            "wait_strategy: busy_spin",
                            "aeron: {directory: " + aeronDirectory + "}",
                            "sessions: {window: " + Link.WINDOW + "}",
                            "snapshots: {interval: 0}", // The floor makes none; bench snapshot measures them.
                            // All orders of a script have one external id.
                            "deciding: {external_id_once: no, accounts_max: 4, holds_per_account: 65536}",
                            "policy: " + policy(home),
                            "accounts: " + accounts(home),
                            "principals:",
                            "  - {id: " + PRINCIPAL + ", name: perf, role: trader}",
                            ""));
            ServerConfig server = ServerConfig.read(config);
            ringfence = Ringfence.start(server);
            link = connect(server);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot.getMessage(), cannot);
        }
    }

    /** The policy of every engine here, in an installation. */
    static Path policy(Path home) {
        return home.resolve("conf/policies/crypto.yaml");
    }

    /** Accounts with budgets that no run exhausts, in an installation. */
    static Path accounts(Path home) {
        return home.resolve("conf/accounts-admit-all.yaml");
    }

    private RingfenceLink connect(ServerConfig server) throws IOException {
        try {
            return new RingfenceLink(RingfenceClient.connect(
                    ClientSettings.of(Path.of(ringfence.aeronDirectory()), server.requestStreamId(), PRINCIPAL)));
        } catch (IOException | RuntimeException noClient) {
            CloseHelper.quietClose(ringfence);
            throw noClient;
        }
    }

    @Override
    public Link link() {
        return link;
    }

    @Override
    public String serverThread() {
        return "ringfence-gateway";
    }

    /** Of the journal, which can be read after {@link #stop()}. */
    Path journal() {
        return journal;
    }

    @Override
    public Work stop() {
        close();
        if (ringfence.hasEnded()) {
            throw new IllegalStateException("the engine stopped: " + ringfence.failure(), ringfence.failure());
        }
        return RecordedWork.count(journal);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(link, ringfence);
    }
}
