package io.ringfence.tools.input;

/** What an order book says happened to an order. */
public enum OrderEventKind {
    /** It came in. */
    CREATED("created"),
    /** Its volume or its price is another one. */
    CHANGED("changed"),
    /** It left, traded or not. */
    DELETED("deleted");

    private final String word;

    OrderEventKind(String word) {
        this.word = word;
    }

    /** The word in the file. */
    public String word() {
        return word;
    }
}
