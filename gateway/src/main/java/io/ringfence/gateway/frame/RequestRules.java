package io.ringfence.gateway.frame;

import io.ringfence.engine.command.Request;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.AdmissionRequestDecoder.FeaturesDecoder;
import io.ringfence.schemas.GroupSizeEncodingDecoder;
import io.ringfence.schemas.OrderFlagsDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.OrderType;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import io.ringfence.schemas.Substitution;
import io.ringfence.schemas.TimeInForce;
import org.agrona.DirectBuffer;

/** Ranges of the fields of the two messages that ask for admission. */
final class RequestRules {
    static final int MAX_BPS = 10_000;

    private static final int MAX_USE_CASE = 63;
    private static final int MAX_FEATURES = 16;
    private static final int FLAGS = 0xF;
    private static final byte FIRST_PRINTABLE = 0x20;
    private static final byte LAST_PRINTABLE = 0x7e;

    private final OrderRequestDecoder order = new OrderRequestDecoder();
    private final GroupSizeEncodingDecoder features = new GroupSizeEncodingDecoder();

    /** The message's body begins at {@link Frame#BODY}; {@code request} has been read from it. */
    void checkAdmission(Request request, DirectBuffer message, int behindBlock, Frame frame) {
        requireIds(request, frame);
        frame.require(
                request.inputUnits() != AdmissionRequestDecoder.inputUnitsNullValue(),
                AdmissionRequestDecoder.inputUnitsId(),
                request.inputUnits());
        requireProportions(request, frame);
        requireNullOrPositive(request.timeToLiveNs(), AdmissionRequestDecoder.timeToLiveNsId(), frame);
        requireNullOrPositive(request.parentSequence(), AdmissionRequestDecoder.parentSequenceId(), frame);
        requireFeatures(message, Frame.BODY + AdmissionRequestDecoder.BLOCK_LENGTH, behindBlock, frame);
    }

    /** Are the features all that is left of the frame? Otherwise the frame is malformed, with what is left as value. */
    private void requireFeatures(DirectBuffer buffer, int offset, int available, Frame frame) {
        boolean hasSize = available >= GroupSizeEncodingDecoder.ENCODED_LENGTH;
        int count = hasSize ? features.wrap(buffer, offset).numInGroup() : 0;
        boolean isWhole = hasSize
                && features.blockLength() == FeaturesDecoder.sbeBlockLength()
                && GroupSizeEncodingDecoder.ENCODED_LENGTH + count * FeaturesDecoder.sbeBlockLength() == available;
        if (!isWhole) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, available);
        }
        frame.require(count <= MAX_FEATURES, (int) AdmissionRequestDecoder.featuresDecoderId(), count);
    }

    /** The message's body begins at {@link Frame#BODY}; {@code request} has been read from it. */
    void checkOrder(Request request, DirectBuffer message, Frame frame) {
        requireIds(request, frame);
        order.wrap(message, Frame.BODY, OrderRequestDecoder.BLOCK_LENGTH, OrderRequestDecoder.SCHEMA_VERSION);
        frame.require(
                order.inputUnits() == OrderRequestDecoder.inputUnitsNullValue(),
                OrderRequestDecoder.inputUnitsId(),
                order.inputUnits());
        frame.require(
                order.outputUnits() == OrderRequestDecoder.outputUnitsNullValue(),
                OrderRequestDecoder.outputUnitsId(),
                order.outputUnits());
        requireProportions(request, frame);
        requireOrder(request, frame);
    }

    private static void requireIds(Request request, Frame frame) {
        frame.require(request.accountId() > 0, AdmissionRequestDecoder.accountIdId(), request.accountId());
        frame.require(request.useCase() <= MAX_USE_CASE, AdmissionRequestDecoder.useCaseId(), request.useCase());
        frame.require(
                request.substitution() <= Substitution.NEVER.value(),
                AdmissionRequestDecoder.substitutionId(),
                request.substitution());
    }

    private static void requireProportions(Request request, Frame frame) {
        requireNullOrBps(request.riskBps(), AdmissionRequestDecoder.riskBpsId(), frame);
        requireNullOrBps(request.confidenceBps(), AdmissionRequestDecoder.confidenceBpsId(), frame);
        requireNullOrBps(request.minimumQualityBps(), AdmissionRequestDecoder.minimumQualityBpsId(), frame);
        long exposureMicros = request.exposureMicros();
        frame.require(exposureMicros >= 0, AdmissionRequestDecoder.exposureMicrosId(), exposureMicros);
    }

    private void requireOrder(Request request, Frame frame) {
        int side = request.side();
        frame.require(side == Side.BUY.value() || side == Side.SELL.value(), OrderRequestDecoder.sideId(), side);
        int type = order.orderTypeRaw();
        frame.require(
                type >= OrderType.LIMIT.value() && type <= OrderType.PEGGED.value(),
                OrderRequestDecoder.orderTypeId(),
                type);
        frame.requireActedOn(
                type == OrderType.LIMIT.value() || type == OrderType.STOP_LIMIT.value(),
                OrderRequestDecoder.orderTypeId(),
                type);
        frame.require(
                isTimeInForce(order.timeInForceRaw()), OrderRequestDecoder.timeInForceId(), order.timeInForceRaw());
        long quantity = request.quantity();
        frame.require(quantity > 0, OrderRequestDecoder.quantityId(), quantity);
        long limitPriceMicros = request.limitPriceMicros();
        frame.require(limitPriceMicros > 0, OrderRequestDecoder.limitPriceMicrosId(), limitPriceMicros);
        long stopPriceMicros = order.stopPriceMicros();
        frame.require(
                type == OrderType.STOP_LIMIT.value()
                        ? stopPriceMicros > 0
                        : stopPriceMicros == OrderRequestDecoder.stopPriceMicrosNullValue(),
                OrderRequestDecoder.stopPriceMicrosId(),
                stopPriceMicros);
        long displayQuantity = order.displayQuantity();
        frame.require(
                displayQuantity == OrderRequestDecoder.displayQuantityNullValue()
                        || (displayQuantity >= 0 && displayQuantity <= quantity),
                OrderRequestDecoder.displayQuantityId(),
                displayQuantity);
        requireExternalId(order, frame);
        long basketId = order.basketId();
        frame.require(basketId != 0, OrderRequestDecoder.basketIdId(), basketId);
        frame.requireActedOn(
                basketId == OrderRequestDecoder.basketIdNullValue(), OrderRequestDecoder.basketIdId(), basketId);
        requireFlags(order.flags(), side, frame);
    }

    /** A short sale is a sale, and one of the two kinds. What an order may do to the position, nothing watches yet. */
    private static void requireFlags(OrderFlagsDecoder flags, int side, Frame frame) {
        boolean isShort = flags.sellShort() || flags.sellShortExempt();
        boolean isBoth = flags.sellShort() && flags.sellShortExempt();
        frame.require(
                flags.getRaw() <= FLAGS && !isBoth && (!isShort || side == Side.SELL.value()),
                OrderRequestDecoder.flagsId(),
                flags.getRaw());
        frame.requireActedOn(
                !flags.reduceOnly() && !flags.closePosition(), OrderRequestDecoder.flagsId(), flags.getRaw());
    }

    private static boolean isTimeInForce(int value) {
        return value == TimeInForce.DAY.value()
                || value == TimeInForce.GOOD_TILL_CANCEL.value()
                || value == TimeInForce.IMMEDIATE_OR_CANCEL.value()
                || value == TimeInForce.FILL_OR_KILL.value();
    }

    private static void requireExternalId(OrderRequestDecoder order, Frame frame) {
        boolean isEnded = false;
        for (int i = 0; i < OrderRequestDecoder.externalIdLength(); i++) {
            byte character = order.externalId(i);
            boolean isPrintable = character >= FIRST_PRINTABLE && character <= LAST_PRINTABLE;
            if (character != 0 && (isEnded || !isPrintable)) {
                frame.require(false, OrderRequestDecoder.externalIdId(), character);
                return;
            }
            isEnded |= character == 0;
        }
    }

    private static void requireNullOrBps(int value, int fieldId, Frame frame) {
        frame.require(value <= MAX_BPS || value == AdmissionRequestDecoder.riskBpsNullValue(), fieldId, value);
    }

    private static void requireNullOrPositive(long value, int fieldId, Frame frame) {
        frame.require(value > 0 || value == AdmissionRequestDecoder.parentSequenceNullValue(), fieldId, value);
    }
}
