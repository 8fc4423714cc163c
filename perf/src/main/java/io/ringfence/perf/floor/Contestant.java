package io.ringfence.perf.floor;

/** One server with one client connected to it, in this process. For one run. */
interface Contestant extends AutoCloseable {
    /** The client's end. */
    Link link();

    /** Name of the thread that receives, works and answers. */
    String serverThread();

    /** Stops the server cleanly and counts what it did since its start. */
    Work stop();

    /** Lets everything go, also after a failure. */
    @Override
    void close();
}
