package io.ringfence.gateway.frame;

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

    private final AdmissionRequestDecoder admission = new AdmissionRequestDecoder();
    private final OrderRequestDecoder order = new OrderRequestDecoder();
    private final GroupSizeEncodingDecoder features = new GroupSizeEncodingDecoder();

    void checkAdmission(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        AdmissionRequestDecoder request = admission.wrap(
                buffer, offset, AdmissionRequestDecoder.BLOCK_LENGTH, AdmissionRequestDecoder.SCHEMA_VERSION);
        requireIds(request, frame);
        frame.require(
                request.inputUnits() != AdmissionRequestDecoder.inputUnitsNullValue(),
                AdmissionRequestDecoder.inputUnitsId(),
                request.inputUnits());
        requireProportions(request, frame);
        requireNullOrPositive(request.timeToLiveNs(), AdmissionRequestDecoder.timeToLiveNsId(), frame);
        requireNullOrPositive(request.parentSequence(), AdmissionRequestDecoder.parentSequenceId(), frame);
        requireFeatures(buffer, offset + AdmissionRequestDecoder.BLOCK_LENGTH, behindBlock, frame);
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

    void checkOrder(DirectBuffer buffer, int offset, Frame frame) {
        // The first eighteen fields of both messages are the same and lie at the same offsets.
        AdmissionRequestDecoder core = admission.wrap(
                buffer, offset, AdmissionRequestDecoder.BLOCK_LENGTH, AdmissionRequestDecoder.SCHEMA_VERSION);
        requireIds(core, frame);
        frame.require(
                core.inputUnits() == AdmissionRequestDecoder.inputUnitsNullValue(),
                OrderRequestDecoder.inputUnitsId(),
                core.inputUnits());
        frame.require(
                core.outputUnits() == AdmissionRequestDecoder.outputUnitsNullValue(),
                OrderRequestDecoder.outputUnitsId(),
                core.outputUnits());
        requireProportions(core, frame);
        requireOrder(
                order.wrap(buffer, offset, OrderRequestDecoder.BLOCK_LENGTH, OrderRequestDecoder.SCHEMA_VERSION),
                frame);
    }

    private static void requireIds(AdmissionRequestDecoder request, Frame frame) {
        frame.require(request.accountId() > 0, AdmissionRequestDecoder.accountIdId(), request.accountId());
        frame.require(request.useCase() <= MAX_USE_CASE, AdmissionRequestDecoder.useCaseId(), request.useCase());
        frame.require(
                request.substitutionRaw() <= Substitution.NEVER.value(),
                AdmissionRequestDecoder.substitutionId(),
                request.substitutionRaw());
    }

    private static void requireProportions(AdmissionRequestDecoder request, Frame frame) {
        requireNullOrBps(request.riskBps(), AdmissionRequestDecoder.riskBpsId(), frame);
        requireNullOrBps(request.confidenceBps(), AdmissionRequestDecoder.confidenceBpsId(), frame);
        requireNullOrBps(request.minimumQualityBps(), AdmissionRequestDecoder.minimumQualityBpsId(), frame);
        long exposureMicros = request.exposureMicros();
        frame.require(
                exposureMicros >= 0 || exposureMicros == AdmissionRequestDecoder.exposureMicrosNullValue(),
                AdmissionRequestDecoder.exposureMicrosId(),
                exposureMicros);
    }

    private static void requireOrder(OrderRequestDecoder request, Frame frame) {
        int side = request.sideRaw();
        frame.require(side == Side.BUY.value() || side == Side.SELL.value(), OrderRequestDecoder.sideId(), side);
        int type = request.orderTypeRaw();
        frame.require(
                type >= OrderType.LIMIT.value() && type <= OrderType.PEGGED.value(),
                OrderRequestDecoder.orderTypeId(),
                type);
        frame.requireActedOn(
                type == OrderType.LIMIT.value() || type == OrderType.STOP_LIMIT.value(),
                OrderRequestDecoder.orderTypeId(),
                type);
        frame.require(
                isTimeInForce(request.timeInForceRaw()), OrderRequestDecoder.timeInForceId(), request.timeInForceRaw());
        long quantity = request.quantity();
        frame.require(quantity > 0, OrderRequestDecoder.quantityId(), quantity);
        long limitPriceMicros = request.limitPriceMicros();
        frame.require(limitPriceMicros > 0, OrderRequestDecoder.limitPriceMicrosId(), limitPriceMicros);
        long stopPriceMicros = request.stopPriceMicros();
        frame.require(
                type == OrderType.STOP_LIMIT.value()
                        ? stopPriceMicros > 0
                        : stopPriceMicros == OrderRequestDecoder.stopPriceMicrosNullValue(),
                OrderRequestDecoder.stopPriceMicrosId(),
                stopPriceMicros);
        long displayQuantity = request.displayQuantity();
        frame.require(
                displayQuantity == OrderRequestDecoder.displayQuantityNullValue()
                        || (displayQuantity >= 0 && displayQuantity <= quantity),
                OrderRequestDecoder.displayQuantityId(),
                displayQuantity);
        requireExternalId(request, frame);
        long basketId = request.basketId();
        frame.require(basketId != 0, OrderRequestDecoder.basketIdId(), basketId);
        frame.requireActedOn(
                basketId == OrderRequestDecoder.basketIdNullValue(), OrderRequestDecoder.basketIdId(), basketId);
        requireFlags(request.flags(), side, frame);
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

    private static void requireExternalId(OrderRequestDecoder request, Frame frame) {
        boolean isEnded = false;
        for (int i = 0; i < OrderRequestDecoder.externalIdLength(); i++) {
            byte character = request.externalId(i);
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
