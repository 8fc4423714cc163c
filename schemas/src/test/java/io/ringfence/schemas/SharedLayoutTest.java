package io.ringfence.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Layouts that the engine relies on to read or copy two messages alike. */
@Tag("unit")
class SharedLayoutTest {
    @Test
    void shouldLayTheFirstEighteenFieldsOfBothRequestsAlike() {
        assertEquals(
                AdmissionRequestDecoder.clientRequestIdEncodingOffset(),
                OrderRequestDecoder.clientRequestIdEncodingOffset());
        assertEquals(AdmissionRequestDecoder.accountIdEncodingOffset(), OrderRequestDecoder.accountIdEncodingOffset());
        assertEquals(AdmissionRequestDecoder.useCaseEncodingOffset(), OrderRequestDecoder.useCaseEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.requestedCandidateIdEncodingOffset(),
                OrderRequestDecoder.requestedCandidateIdEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.substitutionEncodingOffset(), OrderRequestDecoder.substitutionEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.inputUnitsEncodingOffset(), OrderRequestDecoder.inputUnitsEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.outputUnitsEncodingOffset(), OrderRequestDecoder.outputUnitsEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.businessValueMicrosEncodingOffset(),
                OrderRequestDecoder.businessValueMicrosEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.costLimitMicrosEncodingOffset(),
                OrderRequestDecoder.costLimitMicrosEncodingOffset());
        assertEquals(AdmissionRequestDecoder.riskBpsEncodingOffset(), OrderRequestDecoder.riskBpsEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.confidenceBpsEncodingOffset(),
                OrderRequestDecoder.confidenceBpsEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.minimumQualityBpsEncodingOffset(),
                OrderRequestDecoder.minimumQualityBpsEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.maxP95LatencyMsEncodingOffset(),
                OrderRequestDecoder.maxP95LatencyMsEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.requiredCapabilitiesEncodingOffset(),
                OrderRequestDecoder.requiredCapabilitiesEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.allowedProviderMaskEncodingOffset(),
                OrderRequestDecoder.allowedProviderMaskEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.requiredRegionMaskEncodingOffset(),
                OrderRequestDecoder.requiredRegionMaskEncodingOffset());
        assertEquals(
                AdmissionRequestDecoder.exposureMicrosEncodingOffset(),
                OrderRequestDecoder.exposureMicrosEncodingOffset());
    }

    @Test
    void shouldLayTheFieldsOfARequestOnTheirOwnAlignment() {
        assertEquals(0, AdmissionRequestDecoder.timeToLiveNsEncodingOffset() % Long.BYTES);
        assertEquals(0, AdmissionRequestDecoder.requestedCandidateIdEncodingOffset() % Integer.BYTES);
        assertEquals(0, AdmissionRequestDecoder.clientTimestampNsEncodingOffset() % Long.BYTES);
        assertEquals(0, OrderRequestDecoder.quantityEncodingOffset() % Long.BYTES);
        assertEquals(0, OrderRequestDecoder.instrumentIdEncodingOffset() % Integer.BYTES);
        assertEquals(0, OrderRequestDecoder.clientTimestampNsEncodingOffset() % Long.BYTES);
    }

    @Test
    void shouldNameTheHoldAtOneOffsetInAllThatActOnOne() {
        int offset = OrderCancelDecoder.holdIdEncodingOffset();

        assertEquals(offset, OrderReplaceDecoder.holdIdEncodingOffset());
        assertEquals(offset, ExecutionDecoder.holdIdEncodingOffset());
        assertEquals(offset, SettleDecoder.holdIdEncodingOffset());
        assertEquals(offset, HoldCommandDecoder.holdIdEncodingOffset());
    }

    @Test
    void shouldLayFactsAndTheStampOfARecordAlike() {
        assertEquals(OutcomeFactsDecoder.BLOCK_LENGTH, RecordSectionsDecoder.StampDecoder.sbeBlockLength());
        assertEquals(10, OutcomeFactsDecoder.principalIdId() - OutcomeFactsDecoder.sequenceId());
        assertEquals(
                OutcomeFactsDecoder.entryHashEncodingOffset() + OutcomeFactsDecoder.entryHashLength(),
                OutcomeFactsDecoder.principalIdEncodingOffset());
        assertEquals(
                OutcomeFactsDecoder.entryHashEncodingOffset(),
                RecordSectionsDecoder.StampDecoder.entryHashEncodingOffset());
        assertEquals(
                OutcomeFactsDecoder.timestampNsEncodingOffset(),
                RecordSectionsDecoder.StampDecoder.timestampNsEncodingOffset());
        assertEquals(
                OutcomeFactsDecoder.actedCandidateIdEncodingOffset(),
                RecordSectionsDecoder.StampDecoder.actedCandidateIdEncodingOffset());
        assertEquals(
                OutcomeFactsDecoder.isAdmittedEncodingOffset(),
                RecordSectionsDecoder.StampDecoder.isAdmittedEncodingOffset());
    }

    @Test
    void shouldLayTheLessonOfARecordAsTheStampOfALaterOutcome() {
        assertEquals(OutcomeLessonDecoder.BLOCK_LENGTH, RecordSectionsDecoder.LessonDecoder.sbeBlockLength());
        assertEquals(
                OutcomeLessonDecoder.sequenceEncodingOffset(),
                RecordSectionsDecoder.LessonDecoder.sequenceEncodingOffset());
        assertEquals(
                OutcomeLessonDecoder.learningAgeEncodingOffset(),
                RecordSectionsDecoder.LessonDecoder.learningAgeEncodingOffset());
        assertEquals(
                OutcomeLessonDecoder.revisionEncodingOffset(),
                RecordSectionsDecoder.LessonDecoder.revisionEncodingOffset());
        assertEquals(
                OutcomeLessonDecoder.lessonEncodingOffset(),
                RecordSectionsDecoder.LessonDecoder.lessonEncodingOffset());
        assertEquals(
                OutcomeLessonDecoder.contentEncodingOffset(),
                RecordSectionsDecoder.LessonDecoder.contentEncodingOffset());
        assertEquals(
                OutcomeLessonDecoder.chargeEncodingOffset(),
                RecordSectionsDecoder.LessonDecoder.chargeEncodingOffset());
        assertEquals(
                OutcomeLessonDecoder.chargedEncodingOffset(),
                RecordSectionsDecoder.LessonDecoder.chargedEncodingOffset());
    }
}
