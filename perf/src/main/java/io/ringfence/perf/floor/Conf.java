package io.ringfence.perf.floor;

import java.nio.file.Path;

/** The files of the installation that all contestants decide by. */
final class Conf {
    private Conf() {}

    static Path policy(Path home) {
        return home.resolve("conf/policies/crypto.yaml");
    }

    static Path accounts(Path home) {
        return home.resolve("conf/accounts-admit-all.yaml");
    }
}
