package io.ringfence.engine.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ringfence.schemas.AdmissionRequestEncoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.OrderRequestEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class CommandTest {
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[Command.CLIENT_LENGTH_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final Command command = new Command();

    /** The check before the claim reads the fields; the first stage takes what was read. */
    @Test
    void shouldReadALoadedRequestOnce() {
        loadOrder(7);

        Request read = command.read(CommandType.ORDER);
        loadBehindItsBack(8);
        Request again = command.read(CommandType.ORDER);

        assertSame(read, again);
        assertSame(read, command.request());
        assertEquals(7, again.accountId());
    }

    @Test
    void shouldReadAnewWhatIsLoadedNext() {
        loadOrder(7);
        command.read(CommandType.ORDER);

        loadOrder(8);
        assertEquals(8, command.read(CommandType.ORDER).accountId());

        AdmissionRequestEncoder admission = new AdmissionRequestEncoder()
                .wrapAndApplyHeader(message, 0, header)
                .accountId(9);
        command.load(message, 0, MessageHeaderEncoder.ENCODED_LENGTH + admission.encodedLength());
        assertEquals(9, command.read(CommandType.ADMISSION).accountId());
    }

    private void loadOrder(long accountId) {
        OrderRequestEncoder order =
                new OrderRequestEncoder().wrapAndApplyHeader(message, 0, header).accountId(accountId);
        command.load(message, 0, MessageHeaderEncoder.ENCODED_LENGTH + order.encodedLength());
    }

    /** As nobody does: changes the loaded bytes themselves. */
    private void loadBehindItsBack(long accountId) {
        new OrderRequestEncoder()
                .wrap(new UnsafeBuffer(command.message()), MessageHeaderEncoder.ENCODED_LENGTH)
                .accountId(accountId);
    }
}
