package io.ringfence.schemas;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Calls generated codecs by the names that the schema gives, so that one test serves every message. */
final class Calls {
    private Calls() {}

    static Class<?> type(String simpleName) {
        try {
            return Class.forName(Calls.class.getPackageName() + "." + simpleName);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the build generated no such class: " + simpleName, e);
        }
    }

    static Object create(String simpleName) {
        try {
            return type(simpleName).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot be created: " + simpleName, e);
        }
    }

    /** Calls the one overload that takes these arguments; a {@code Long} fits every integer parameter, a {@code Boolean} a boolean. */
    static Object call(Object target, String name, Object... arguments) {
        Method method = Arrays.stream(target.getClass().getMethods())
                .filter(each -> each.getName().equals(name) && accepts(each.getParameterTypes(), arguments))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no such call: "
                        + target.getClass().getSimpleName() + "." + name + Arrays.toString(arguments)));
        Object[] fitted = new Object[arguments.length];
        for (int i = 0; i < fitted.length; i++) {
            fitted[i] = fit(method.getParameterTypes()[i], arguments[i]);
        }
        try {
            return method.invoke(target, fitted);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("failed: " + method, e);
        }
    }

    private static boolean accepts(Class<?>[] parameters, Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!accepted(parameters[i]).isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static Class<?> accepted(Class<?> parameter) {
        return parameter == boolean.class ? Boolean.class : parameter.isPrimitive() ? Long.class : parameter;
    }

    private static Object fit(Class<?> parameter, Object argument) {
        if (!parameter.isPrimitive() || parameter == boolean.class) {
            return argument;
        }
        long number = (Long) argument;
        if (parameter == byte.class) {
            return (byte) number;
        }
        if (parameter == short.class) {
            return (short) number;
        }
        return parameter == int.class ? (Object) (int) number : (Object) number;
    }
}
