package io.ringfence.tools;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The range of an option's number; both ends belong to it. Checked before the command runs. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Within {
    /** The least. */
    double least();

    /** The most; without one there is no end. */
    double most() default Double.POSITIVE_INFINITY;
}
