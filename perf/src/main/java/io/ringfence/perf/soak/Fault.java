package io.ringfence.perf.soak;

/** What is done to the engine in one life of it. Each life has load as well; each but the kills ends with a clean stop. */
enum Fault {
    KILL("kill -9 under load"),
    FLIP_ABOVE("byte flipped above the watermark"),
    FLIP_BELOW("byte flipped below the watermark"),
    OTHER_BOOT("watermark of another boot"),
    CLOCK_AHEAD("clock a year ahead for one start"),
    LIMIT("two principals beyond their holds"),
    RESENDS("resends without pause");

    private final String text;

    Fault(String text) {
        this.text = text;
    }

    /** For people. */
    String text() {
        return text;
    }
}
