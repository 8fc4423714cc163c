package io.ringfence.tools.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.gateway.replay.PolicyHistory;
import io.ringfence.schemas.AdmissionRequestDecoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.OrderFlagsDecoder;
import io.ringfence.schemas.OrderRequestDecoder;
import io.ringfence.schemas.Substitution;
import io.ringfence.tools.Json;
import org.agrona.DirectBuffer;

/** Writes an admission request or an order as JSON. Not thread safe. */
final class RequestJson {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final AdmissionRequestDecoder admission = new AdmissionRequestDecoder();
    private final OrderRequestDecoder order = new OrderRequestDecoder();

    /** Puts the fields of an admission request. */
    void admission(DirectBuffer buffer, int offset, PolicyHistory names, ObjectNode object) {
        admission.wrapAndApplyHeader(buffer, offset, header);
        core(
                admission.accountId(),
                admission.useCase(),
                admission.requestedCandidateId(),
                admission.substitution(),
                admission.exposureMicros(),
                names,
                object);
        Json.unsignedOrNull(
                object, "time_to_live_ns", admission.timeToLiveNs(), AdmissionRequestDecoder.timeToLiveNsNullValue());
        Json.unsignedOrNull(
                object,
                "parent_sequence",
                admission.parentSequence(),
                AdmissionRequestDecoder.parentSequenceNullValue());
        Json.unsignedOrNull(object, "episode_id", admission.episodeId(), AdmissionRequestDecoder.episodeIdNullValue());
        byte[] payloadDigest = new byte[AdmissionRequestDecoder.payloadDigestLength()];
        admission.getPayloadDigest(payloadDigest, 0, payloadDigest.length);
        Json.hex(object, "payload_digest", payloadDigest);
        ArrayNode features = object.putArray("features");
        admission.features().forEachRemaining(feature -> features.add(feature.value()));
    }

    /** Puts the fields of an order. */
    void order(DirectBuffer buffer, int offset, PolicyHistory names, ObjectNode object) {
        order.wrapAndApplyHeader(buffer, offset, header);
        core(
                order.accountId(),
                order.useCase(),
                order.requestedCandidateId(),
                order.substitution(),
                order.exposureMicros(),
                names,
                object);
        Json.textOrNull(object, "external_id", order.externalId());
        ObjectNode terms = object.putObject("order")
                .put("instrument_id", order.instrumentId())
                .put("side", order.side().name())
                .put("order_type", order.orderType().name())
                .put("time_in_force", order.timeInForce().name())
                .put("quantity", order.quantity())
                .put("limit_price_micros", order.limitPriceMicros());
        Json.orNull(
                terms, "stop_price_micros", order.stopPriceMicros(), OrderRequestDecoder.stopPriceMicrosNullValue());
        Json.orNull(terms, "display_quantity", order.displayQuantity(), OrderRequestDecoder.displayQuantityNullValue());
        terms.put("trader_id", order.traderId())
                .put("algorithm_id", order.algorithmId())
                .put("strategy_id", order.strategyId())
                .put("short_sale", shortSale(order.flags()));
        Json.unsigned(terms, "client_code", order.clientCode());
    }

    private static String shortSale(OrderFlagsDecoder flags) {
        return flags.sellShortExempt() ? "EXEMPT" : flags.sellShort() ? "SHORT" : null;
    }

    private static void core(
            long accountId,
            int useCase,
            long candidateId,
            Substitution substitution,
            long exposureMicros,
            PolicyHistory names,
            ObjectNode object) {
        Json.unsigned(object, "account_id", accountId);
        object.put("account", names.account(accountId))
                .put("use_case", names.name(NameKind.USE_CASE, useCase))
                .put("substitution", substitution.name());
        if (candidateId != 0) {
            object.put("candidate_id", candidateId).put("candidate", names.name(NameKind.CANDIDATE, candidateId));
        }
        Json.orNull(object, "exposure_micros", exposureMicros, AdmissionRequestDecoder.exposureMicrosNullValue());
    }
}
