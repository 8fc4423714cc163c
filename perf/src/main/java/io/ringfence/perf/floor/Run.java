package io.ringfence.perf.floor;

/**
 * What one contestant did in one round.
 *
 * @param commands    sent and answered while it was measured.
 * @param durationNs  from the first message to the last answer.
 * @param p50Ns       of an order's answer.
 * @param p99Ns       of an order's answer.
 * @param server      what the server's thread used meanwhile.
 * @param clientCpuNs processor time of the client's thread meanwhile.
 * @param work        done since the start, the warm-up included.
 */
record Run(long commands, long durationNs, long p50Ns, long p99Ns, ThreadFigures server, long clientCpuNs, Work work) {
    private static final double SECOND_NS = 1e9;
    private static final double MILLION = 1e6;

    double perSecond() {
        return commands * SECOND_NS / durationNs;
    }

    double nsPerCommand() {
        return (double) durationNs / commands;
    }

    double serverCpuNs() {
        return (double) server.cpuNs() / commands;
    }

    double clientCpuNsPerCommand() {
        return (double) clientCpuNs / commands;
    }

    double faultsPerMillion() {
        return server.minorFaults() * MILLION / commands;
    }

    double voluntaryPerSecond() {
        return server.voluntarySwitches() * SECOND_NS / durationNs;
    }

    double involuntaryPerSecond() {
        return server.involuntarySwitches() * SECOND_NS / durationNs;
    }
}
