package io.ringfence.gateway.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the numbers of a policy are called. Immutable; safe from any thread.
 *
 * <p>Its bytes are the {@code NAMES} section of a policy: entries one behind the other, ascending by kind, then by id, nothing
 * else; little endian:
 * <pre>
 *  +------+-----+--------------+------------------------+
 *  | kind | id  | length       | name                   |
 *  | u8   | u32 | u8, 1 to 255 | UTF-8 of that length   |
 *  +------+-----+--------------+------------------------+
 * </pre>
 * Within a kind no id and no name stands twice.
 */
public final class Names {
    /** Most bytes of a name. */
    public static final int LENGTH_MAX = 255;

    private static final long U32_MASK = 0xFFFF_FFFFL;
    private static final int HEAD_LENGTH = Byte.BYTES + Integer.BYTES + Byte.BYTES;

    private final Map<NameKind, TreeMap<Long, String>> namesById = new EnumMap<>(NameKind.class);
    private final Map<NameKind, TreeMap<String, Long>> idsByName = new EnumMap<>(NameKind.class);

    private Names() {
        for (NameKind kind : NameKind.values()) {
            namesById.put(kind, new TreeMap<>());
            idsByName.put(kind, new TreeMap<>());
        }
    }

    /** Starts an empty collection. */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a names section that may be wrong in any way.
     *
     * @return empty if the bytes are not the one form that {@link #encode} writes. Bad bytes never throw.
     */
    public static Optional<Names> decode(byte[] bytes) {
        Builder builder = builder();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long before = -1;
        while (buffer.remaining() > HEAD_LENGTH) {
            NameKind kind = NameKind.of(buffer.get() & 0xFF);
            long id = buffer.getInt() & U32_MASK;
            int length = buffer.get() & 0xFF;
            long place = kind == null ? -1 : ((long) kind.code() << Integer.SIZE) | id;
            if (place <= before || length == 0 || length > buffer.remaining()) {
                return Optional.empty();
            }
            Optional<String> name = utf8(buffer.slice(buffer.position(), length));
            if (name.isEmpty() || !builder.add(kind, id, name.get())) {
                return Optional.empty();
            }
            buffer.position(buffer.position() + length);
            before = place;
        }
        return buffer.hasRemaining() ? Optional.empty() : Optional.of(builder.build());
    }

    /** The canonical bytes. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        namesById.forEach((kind, names) -> names.forEach((id, name) -> {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer head = ByteBuffer.allocate(HEAD_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            head.put((byte) kind.code()).putInt((int) (long) id).put((byte) text.length);
            bytes.writeBytes(head.array());
            bytes.writeBytes(text);
        }));
        return bytes.toByteArray();
    }

    /** The name of an id; the id itself in decimal where it has none. */
    public String name(NameKind kind, long id) {
        return namesById.get(kind).getOrDefault(id, Long.toString(id));
    }

    /** The id of a name, upper and lower case told apart; empty if there is none. */
    public OptionalLong id(NameKind kind, String name) {
        Long id = idsByName.get(kind).get(name);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    /** All names of a kind, ascending by id. */
    public Collection<String> names(NameKind kind) {
        return java.util.Collections.unmodifiableCollection(namesById.get(kind).values());
    }

    private static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    /** Collects names. */
    static final class Builder {
        private final Names names = new Names();

        /** Adds a name; false, and no change, if the kind has this id or this name already. */
        boolean add(NameKind kind, long id, String name) {
            if (names.namesById.get(kind).containsKey(id)
                    || names.idsByName.get(kind).containsKey(name)) {
                return false;
            }
            names.namesById.get(kind).put(id, name);
            names.idsByName.get(kind).put(name, id);
            return true;
        }

        Names build() {
            return names;
        }
    }

    /** Kind of a name. The names section of a policy carries its code. */
    public enum NameKind {
        /** A candidate; its id. */
        CANDIDATE(1),
        /** A provider; 0 to 63. */
        PROVIDER(2),
        /** A capability; its bit, 0 to 63. */
        CAPABILITY(3),
        /** A region; its bit, 0 to 63. */
        REGION(4),
        /** A use case; its code, 0 to 63. */
        USE_CASE(5),
        /** A tier; its place, cheapest first, from 0. */
        TIER(6);

        private static final NameKind[] KINDS = values();

        private final int code;

        NameKind(int code) {
            this.code = code;
        }

        /** Code of the kind: stable, 1 and above. */
        public int code() {
            return code;
        }

        /** The kind of a code; null if there is none. */
        static NameKind of(int code) {
            return code >= 1 && code <= KINDS.length ? KINDS[code - 1] : null;
        }

        /** The kind in words. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }
}
