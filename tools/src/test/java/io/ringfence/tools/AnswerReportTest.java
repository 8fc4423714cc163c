package io.ringfence.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringfence.gateway.client.Answer;
import io.ringfence.gateway.config.CompiledPolicy;
import io.ringfence.gateway.config.Names.NameKind;
import io.ringfence.schemas.Action;
import io.ringfence.schemas.AdmissionDecisionDecoder;
import io.ringfence.schemas.AdmissionDecisionEncoder;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.MessageHeaderEncoder;
import io.ringfence.schemas.ReasonCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ask} says of an answer. Candidates 1, 2 and 3 are XNAS, XNYS and ARCX. */
class AnswerReportTest {
    private static final CompiledPolicy POLICY =
            CompiledPolicy.read(Path.of(System.getProperty("ringfence.root"), "conf/policies/venues.yaml"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // reason, asked, the kernel's action, acted, its line, utility of who acts
                "EXPLORED           | XNAS | EXECUTE    | 2 | kernel      its choice XNAS is worth 0.9; XNYS, which acts, is worth 0.8 | 800000",
                "EXPLORED           | XNAS | EXECUTE    | 3 | kernel      its choice XNAS is worth 0.9; its runner-up XNYS is worth 0.8 | null",
                "EXPLORED           | any  | SUBSTITUTE | 2 | kernel      its choice is worth 0.9; XNYS, which acts, is worth 0.8 | 800000",
                "REQUESTED_DIRECTED | XNYS | SUBSTITUTE | 2 | kernel      its choice is worth 0.9; XNYS, which acts, is worth 0.8 | 800000",
                "BETTER_CANDIDATE   | ARCX | SUBSTITUTE | 1 | runner-up   XNYS, worth 0.8 against 0.9 | 900000"
            })
    void shouldSayWhatIsWorthWhatWhereTheKernelsChoiceDoesNotAct(
            ReasonCode reason, String asked, Action kernelAction, long acted, String line, String utilityMicros) {
        AnswerReport report = report(reason, asked, kernelAction, acted);

        String page = page(report);
        assertTrue(page.contains("\n  " + line + "\n  cost"), page);
        assertFalse(page.contains("runner-up   XNYS") && acted == 2, page);
        JsonNode object = report.json();
        assertEquals(utilityMicros, object.get("acted_utility_micros").asText());
        assertEquals(900_000, object.get("utility_micros").longValue());
    }

    @Test
    void shouldSpeakOfNoRequestedCandidateWhereAnyMayAct() {
        String page = page(report(ReasonCode.BETTER_CANDIDATE, "any", Action.SUBSTITUTE, 1));
        String refused = page(report(ReasonCode.REQUESTED_NOT_ELIGIBLE, "any", Action.SUBSTITUTE, 0));

        assertTrue(page.startsWith("SUBSTITUTE  XNAS, of any\n"), page);
        assertTrue(page.contains("BETTER_CANDIDATE: Any candidate may act, and this one is worth most."), page);
        assertTrue(refused.contains("No substitute is allowed, and no candidate was requested."), refused);
    }

    private static String page(AnswerReport report) {
        StringWriter text = new StringWriter();
        report.print(new Page(new PrintWriter(text)));
        return text.toString().replaceAll("\n {14}", " ");
    }

    private static AnswerReport report(ReasonCode reason, String asked, Action kernelAction, long acted) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_024]);
        boolean isAsked =
                acted != 0 && POLICY.names().name(NameKind.CANDIDATE, acted).equals(asked);
        new AdmissionDecisionEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .reason(reason)
                .action(acted == 0 ? Action.REJECT : isAsked ? Action.EXECUTE : Action.SUBSTITUTE)
                .actedCandidateId(acted)
                .kernelAction(kernelAction)
                .utilityMicros(900_000)
                .counterfactualCandidateId(2)
                .counterfactualUtilityMicros(800_000)
                .regime(AdmissionDecisionEncoder.regimeNullValue())
                .tier(AdmissionDecisionEncoder.tierNullValue())
                .floorBps(AdmissionDecisionEncoder.floorBpsNullValue())
                .failedControlId(AdmissionDecisionEncoder.failedControlIdNullValue());
        AdmissionDecisionDecoder decision =
                new AdmissionDecisionDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        return new AnswerReport(new Answer(1, decision, null), new AskedNames(POLICY, null), asked);
    }
}
