package io.ringfence.engine.pipeline;

/** The first of the differences between what a record says and what is computed again. Reused; not thread safe. */
final class Differences {
    private String first;

    void clear() {
        first = null;
    }

    /** One line; null for none. */
    String first() {
        return first;
    }

    void check(String what, long recorded, long computed) {
        if (recorded != computed) {
            add(what + ": recorded " + recorded + ", computed " + computed);
        }
    }

    void add(String what) {
        if (first == null) {
            first = what;
        }
    }
}
