package io.ringfence.engine.control;

import java.util.Arrays;
import java.util.stream.Stream;

/** Lets tests of other packages change a list of controls at run time. */
public final class ControlSeam {
    private ControlSeam() {}

    /** Codes of the controls in a list, in their order. */
    public static ControlCode[] codes(Controls controls) {
        return Arrays.stream(controls.order()).map(Control::code).toArray(ControlCode[]::new);
    }

    /** Takes one control out of a list. */
    public static void drop(Controls controls, ControlCode code) {
        controls.order(Arrays.stream(controls.order())
                .filter(control -> control.code() != code)
                .toArray(Control[]::new));
    }

    /** Puts in place of one control another of its code that lets everything pass. */
    public static void blind(Controls controls, ControlCode code) {
        controls.order(Arrays.stream(controls.order())
                .map(control -> control.code() == code ? new Blind(code) : control)
                .toArray(Control[]::new));
    }

    private static final class Blind extends Control {
        Blind(ControlCode code) {
            super(code, false);
        }

        @Override
        protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
            return true;
        }

        @Override
        protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {}
    }

    /** Puts one more control at the end of a list. */
    public static void add(Controls controls, Control control) {
        controls.order(Stream.concat(Arrays.stream(controls.order()), Stream.of(control))
                .toArray(Control[]::new));
    }
}
