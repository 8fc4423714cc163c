package io.ringfence.gateway.client;

/** What a client and its gateway must agree on before the first message: the streams between them and how much these hold. */
public final class IpcStreams {
    /** Aeron stream of requests unless another one is configured. */
    public static final int REQUEST_STREAM_ID = 1_001;

    /** Begin of every channel: a client may name its stream of answers, but make the gateway open no socket. */
    public static final String CHANNEL_PREFIX = "aeron:ipc";

    /** Term length of every stream, in bytes: a term holds a full window of answers twice. */
    public static final int TERM_LENGTH = 1024 * 1024;

    /** Channel of requests and of answers: shared memory. */
    public static final String CHANNEL = CHANNEL_PREFIX + "?term-length=" + TERM_LENGTH;

    /** Most requests of one session that are unanswered or unread: beyond it a window of answers might not fit the stream. */
    public static final int WINDOW_MAX = 1_024;

    private IpcStreams() {}
}
