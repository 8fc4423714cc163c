package io.ringfence.journal.record;

import io.ringfence.journal.chain.HashChain;
import io.ringfence.schemas.CommandKind;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSealDecoder;
import io.ringfence.schemas.SettingsDecoder;
import io.ringfence.schemas.StartDecoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the fields of one journal record in place, without copying.
 *
 * <p>A record is: message header and {@code RecordHeader} block | command bytes as received | {@code RecordSections} body |
 * {@code RecordSeal} body. All offsets count from the record's first byte, at 0 of {@link #buffer()}. The bytes
 * belong to the owner of the view and are valid until it moves on. Not thread safe.
 */
public final class RecordView {
    /** Bytes of an unkeyed seal: entry hash and an empty {@code authentication} group. */
    public static final int SEAL_LENGTH =
            RecordSealDecoder.BLOCK_LENGTH + RecordSealDecoder.AuthenticationDecoder.HEADER_SIZE;

    /** Bytes that key id and MAC add to a seal. */
    public static final int AUTHENTICATION_LENGTH = 36;

    /** Offset of the {@code RecordHeader} block. */
    public static final int BLOCK_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH;

    /** Offset of the command in a record that this version writes. */
    public static final int COMMAND_OFFSET = BLOCK_OFFSET + RecordHeaderDecoder.BLOCK_LENGTH;

    /** Greatest length of a record in bytes: command and sections as long as their length fields can express. */
    public static final int MAX_LENGTH = COMMAND_OFFSET + 2 * 0xFFFF + SEAL_LENGTH + AUTHENTICATION_LENGTH;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MIN_LENGTH = COMMAND_OFFSET + SEAL_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private byte[] array;
    private int arrayOffset;
    private int length;
    private int commandOffset;
    private int commandLength;
    private int sectionsLength;
    private int authenticationCount;

    /**
     * Moves to other bytes and checks that they have the shape of a record. Does not check the entry hash.
     *
     * @param bytes  hold the record.
     * @param offset of its first byte.
     * @param length in bytes, seal included.
     * @return null if the shape is right; else what is wrong with it, and no other method may be called.
     */
    public String wrap(byte[] bytes, int offset, int length) {
        if (length < MIN_LENGTH) {
            return "too short for a record: length=" + length;
        }
        this.array = bytes;
        this.arrayOffset = offset;
        this.length = length;
        buffer.wrap(bytes, offset, length);
        if (!hasRecordHeader(buffer, 0)) {
            return "not a record header: template=" + unsigned(MessageHeaderDecoder.templateIdEncodingOffset())
                    + ", schema=" + unsigned(MessageHeaderDecoder.schemaIdEncodingOffset());
        }
        commandOffset = BLOCK_OFFSET + unsigned(MessageHeaderDecoder.blockLengthEncodingOffset());
        commandLength = unsigned(BLOCK_OFFSET + RecordHeaderDecoder.commandLengthEncodingOffset());
        sectionsLength = unsigned(BLOCK_OFFSET + RecordHeaderDecoder.sectionsLengthEncodingOffset());
        int groupOffset = lengthBeforeSeal() + RecordSealDecoder.BLOCK_LENGTH;
        if (groupOffset + RecordSealDecoder.AuthenticationDecoder.HEADER_SIZE > length) {
            return "lengths do not add up: command=" + commandLength + ", sections=" + sectionsLength + ", record="
                    + length;
        }
        authenticationCount = buffer.getByte(groupOffset + 1) & 0xFF;
        if (authenticationCount > 1 || buffer.getByte(groupOffset) != AUTHENTICATION_LENGTH) {
            return "not a seal: entries=" + authenticationCount + ", entry length=" + buffer.getByte(groupOffset);
        }
        if (lengthBeforeSeal() + SEAL_LENGTH + authenticationCount * AUTHENTICATION_LENGTH != length) {
            return "lengths do not add up: command=" + commandLength + ", sections=" + sectionsLength + ", record="
                    + length;
        }
        return null;
    }

    /** Is there a record's message header at this offset, with a block at least as long as this version's? Reads 8 bytes. */
    public static boolean hasRecordHeader(DirectBuffer buffer, int offset) {
        return unsigned(buffer, offset + MessageHeaderDecoder.templateIdEncodingOffset())
                        == RecordHeaderDecoder.TEMPLATE_ID
                && unsigned(buffer, offset + MessageHeaderDecoder.schemaIdEncodingOffset())
                        == RecordHeaderDecoder.SCHEMA_ID
                && unsigned(buffer, offset + MessageHeaderDecoder.blockLengthEncodingOffset())
                        >= RecordHeaderDecoder.BLOCK_LENGTH;
    }

    /** Length of the record by its header at this offset, with the longest seal. Reads {@link #COMMAND_OFFSET} bytes. */
    public static int announcedLength(DirectBuffer buffer, int offset) {
        int blockOffset = offset + BLOCK_OFFSET;
        return BLOCK_OFFSET
                + unsigned(buffer, offset + MessageHeaderDecoder.blockLengthEncodingOffset())
                + unsigned(buffer, blockOffset + RecordHeaderDecoder.commandLengthEncodingOffset())
                + unsigned(buffer, blockOffset + RecordHeaderDecoder.sectionsLengthEncodingOffset())
                + SEAL_LENGTH
                + AUTHENTICATION_LENGTH;
    }

    /** Sequence of the record that begins at this offset of an array. */
    public static long sequence(byte[] bytes, int offset) {
        return (long) LONGS.get(bytes, offset + BLOCK_OFFSET + RecordHeaderDecoder.sequenceEncodingOffset());
    }

    /** The record's bytes, from 0 to {@link #length()}. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** The array behind {@link #buffer()}. */
    public byte[] array() {
        return array;
    }

    /** Offset of the record in {@link #array()}. */
    public int arrayOffset() {
        return arrayOffset;
    }

    /** Length of the whole record in bytes. */
    public int length() {
        return length;
    }

    /** Length before the seal in bytes: the entry hash covers these bytes. */
    public int lengthBeforeSeal() {
        return commandOffset + commandLength + sectionsLength;
    }

    /** Version of the schema that it was written with. */
    public int version() {
        return unsigned(MessageHeaderDecoder.versionEncodingOffset());
    }

    /** Template id in the command's own header; -1 if the command is too short for a header or of another schema. */
    int commandTemplateId() {
        boolean isMessage = commandLength >= MessageHeaderDecoder.ENCODED_LENGTH
                && unsigned(commandOffset + MessageHeaderDecoder.schemaIdEncodingOffset())
                        == MessageHeaderDecoder.SCHEMA_ID;
        return isMessage ? unsigned(commandOffset + MessageHeaderDecoder.templateIdEncodingOffset()) : -1;
    }

    /** Of a whole {@code Start}: the version of what its stages compute. */
    int startSemanticsVersion() {
        return unsigned(
                commandOffset + MessageHeaderDecoder.ENCODED_LENGTH + StartDecoder.semanticsVersionEncodingOffset());
    }

    /** Sequence of the record: from 1, without gaps. */
    public long sequence() {
        return buffer.getLong(BLOCK_OFFSET + RecordHeaderDecoder.sequenceEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    /** Event time in ns since 1970. */
    public long timestampNs() {
        return buffer.getLong(BLOCK_OFFSET + RecordHeaderDecoder.timestampNsEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    /** Session of the client that sent the command; 0: none. */
    public int sessionId() {
        return buffer.getInt(BLOCK_OFFSET + RecordHeaderDecoder.sessionIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    /** Principal that sent the command; 0: the engine itself. */
    public int principalId() {
        return buffer.getInt(BLOCK_OFFSET + RecordHeaderDecoder.principalIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    /** Raw code of {@link #kind()}. */
    public short kindCode() {
        return (short) (buffer.getByte(BLOCK_OFFSET + RecordHeaderDecoder.kindEncodingOffset()) & 0xFF);
    }

    /** Is it about putting a policy into force, by a start or by a person, applied or refused? Roll headers name the last one. */
    public boolean isPolicyActivation() {
        short kind = kindCode();
        return kind == CommandKind.POLICY_ACTIVATE.value() || kind == CommandKind.POLICY_CHANGE.value();
    }

    /** Kind of the command. Throws IllegalArgumentException for a code that this schema does not know. */
    public CommandKind kind() {
        return CommandKind.get(kindCode());
    }

    /** Offset of the command: an SBE message with its header. */
    public int commandOffset() {
        return commandOffset;
    }

    /** Length of the command in bytes. */
    public int commandLength() {
        return commandLength;
    }

    /** Offset of the {@code RecordSections} body, which has no message header. */
    public int sectionsOffset() {
        return commandOffset + commandLength;
    }

    /** Length of the sections in bytes. */
    public int sectionsLength() {
        return sectionsLength;
    }

    /** Offset of the 32 bytes of the entry hash. */
    public int entryHashOffset() {
        return lengthBeforeSeal();
    }

    /** Does the seal carry key id and MAC? */
    public boolean isAuthenticated() {
        return authenticationCount == 1;
    }

    /** Copies the 32 bytes of the entry hash. */
    public void copyEntryHash(byte[] destination, int offset) {
        System.arraycopy(array, arrayOffset + entryHashOffset(), destination, offset, HashChain.HASH_LENGTH);
    }

    /** Is the command a {@code Settings} message? It must be in the first record. */
    public boolean isSettings() {
        return kindCode() == CommandKind.SETTINGS.value()
                && commandLength >= MessageHeaderDecoder.ENCODED_LENGTH + SettingsDecoder.BLOCK_LENGTH
                && unsigned(commandOffset + MessageHeaderDecoder.templateIdEncodingOffset())
                        == SettingsDecoder.TEMPLATE_ID;
    }

    /** Copies the 32 bytes of the journal's name. Only for a record that {@link #isSettings()}. */
    public void copyJournalId(byte[] destination, int offset) {
        int journalIdOffset =
                commandOffset + MessageHeaderDecoder.ENCODED_LENGTH + SettingsDecoder.journalIdEncodingOffset();
        buffer.getBytes(journalIdOffset, destination, offset, SettingsDecoder.journalIdLength());
    }

    private int unsigned(int offset) {
        return unsigned(buffer, offset);
    }

    private static int unsigned(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
