package io.ringfence.engine.pipeline;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;

/** Fills every primitive of every slot with one byte's pattern, so that a section that was not written shows. */
final class SlotFill {
    private SlotFill() {}

    static void fill(Pipeline pipeline, byte pattern) {
        for (int cursor = 0; cursor < pipeline.ringSize(); cursor++) {
            fill(pipeline.slot(cursor), pattern, 0);
        }
    }

    private static void fill(Object target, byte pattern, int depth) {
        long word = (pattern & 0xFFL) * 0x0101_0101_0101_0101L;
        for (Class<?> type = target.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                fillField(target, field, pattern, word, depth);
            }
        }
    }

    private static void fillField(Object target, Field field, byte pattern, long word, int depth) {
        if (Modifier.isStatic(field.getModifiers())) {
            return;
        }
        try {
            field.setAccessible(true);
            Class<?> type = field.getType();
            if (type == long.class) {
                field.setLong(target, word);
            } else if (type == int.class) {
                field.setInt(target, (int) word);
            } else if (type == boolean.class) {
                field.setBoolean(target, true);
            } else if (type == byte[].class && field.get(target) != null) {
                Arrays.fill((byte[]) field.get(target), pattern);
            } else if (type == long[].class && field.get(target) != null) {
                Arrays.fill((long[]) field.get(target), word);
            } else if (type == int[].class && field.get(target) != null) {
                Arrays.fill((int[]) field.get(target), (int) word);
            } else if (type.getName().startsWith("io.ringfence.engine") && field.get(target) != null && depth < 4) {
                fill(field.get(target), pattern, depth + 1);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
