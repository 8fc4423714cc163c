package io.ringfence.engine.policy;

import java.util.Objects;
import java.util.Optional;

/**
 * A checked value, or the first rule it breaks. Immutable.
 *
 * @param <T> type of the value.
 * @param <F> type of the fault.
 */
public final class Checked<T, F extends Checked.Fault> {
    /** The first rule that a value breaks. */
    public interface Fault {
        /** One line: the rule, where it is broken, the value that breaks it. */
        String text();
    }

    private final T value;
    private final F fault;

    private Checked(T value, F fault) {
        this.value = value;
        this.fault = fault;
    }

    static <T, F extends Fault> Checked<T, F> of(T value) {
        return new Checked<>(Objects.requireNonNull(value), null);
    }

    static <T, F extends Fault> Checked<T, F> refused(F fault) {
        return new Checked<>(null, Objects.requireNonNull(fault));
    }

    /** True when the value keeps all rules. */
    public boolean isValid() {
        return fault == null;
    }

    /** The first rule broken; empty when the value is valid. */
    public Optional<F> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * The valid value.
     *
     * @throws IllegalStateException when a rule is broken; the text is the fault's.
     */
    public T value() {
        if (fault != null) {
            throw new IllegalStateException(fault.text());
        }
        return value;
    }
}
