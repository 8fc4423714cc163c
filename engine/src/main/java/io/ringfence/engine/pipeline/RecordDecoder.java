package io.ringfence.engine.pipeline;

import io.ringfence.engine.bandit.TierChoice;
import io.ringfence.engine.budget.BudgetResult;
import io.ringfence.engine.kernel.Kernel;
import io.ringfence.engine.kernel.KernelDecision;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.engine.policy.Policy;
import io.ringfence.engine.proof.DecisionSeal;
import io.ringfence.engine.selection.Selection;
import io.ringfence.schemas.MessageHeaderDecoder;
import io.ringfence.schemas.RecordHeaderDecoder;
import io.ringfence.schemas.RecordSectionsDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.ControlDecoder;
import io.ringfence.schemas.RecordSectionsDecoder.EffectiveDecoder;
import io.ringfence.schemas.Tristate;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.DirectBuffer;

/**
 * Reads a record back into a slot, as the stages left it, without the state that they had learnt.
 *
 * <p>What the record holds is taken from it. What it leaves out follows from it and the policy: kernel numbers, digests and
 * selection are computed again, and compared with what is recorded of them. Not known any more: what an outcome taught, and
 * an account's figures but what was available. One thread; allocates only where something differs.
 */
public final class RecordDecoder {
    private final MessageHeaderDecoder messageHeader = new MessageHeaderDecoder();
    private final RecordHeaderDecoder header = new RecordHeaderDecoder();
    private final RecordSectionsDecoder sections = new RecordSectionsDecoder();
    private final RecordedInput recordedInput = new RecordedInput();
    private final OutcomeFacts facts = new OutcomeFacts();
    private final Kernel kernel = new Kernel();
    private final CandidateChoice choice = new CandidateChoice();
    private final DecisionSeal seal = new DecisionSeal();
    private final byte[] recomputed = new byte[32];
    private final BudgetResult budget = new BudgetResult();
    private String difference;

    /**
     * Has a slot accept the record's command with the stamps it bore: the state before the stages.
     *
     * @param record from 0, its shape checked.
     */
    public void accept(DirectBuffer record, DecisionEvent event) {
        header.wrapAndApplyHeader(record, 0, messageHeader);
        int sectionsOffset = header.limit() + header.commandLength();
        event.accept(
                header.kind(),
                header.sequence(),
                header.timestampNs(),
                (int) header.sessionId(),
                (int) header.principalId(),
                record,
                header.limit(),
                header.commandLength());
        sections.wrap(record, sectionsOffset, RecordSectionsDecoder.BLOCK_LENGTH, messageHeader.version());
        readFacts();
        if (facts.isPresent()) {
            event.stamp().facts(facts);
        }
    }

    /**
     * Fills all sections of a slot.
     *
     * @param record from 0, proved to be on the chain.
     * @param policy in force after it; null before the first.
     * @return null if what was computed again is what the record says; else one line: what differs first.
     */
    public String decode(DirectBuffer record, Policy policy, DecisionEvent event) {
        difference = null;
        accept(record, event);
        readIntake(event, policy);
        readRegime(event);
        boolean isRequest = readEffective(event, policy);
        readTierDraws(event, isRequest);
        readDecision(event, isRequest);
        readProof(event, isRequest);
        readSelection(event, isRequest);
        sections.exploration().forEach(draw -> {});
        readBudget(event);
        int sealOffset = sections.limit();
        record.getBytes(sealOffset, event.record().entryHash());
        event.record().appended(event.sequence(), sealOffset);
        return difference;
    }

    private void readFacts() {
        facts.clear();
        RecordSectionsDecoder.StampDecoder stamp = sections.stamp();
        if (stamp.hasNext()) {
            stamp.next();
            facts.set(
                    stamp.decisionSequence(),
                    stamp.accountId(),
                    (int) stamp.actedCandidateId(),
                    stamp.useCase(),
                    stamp.regime(),
                    stamp.tier(),
                    stamp.providerId(),
                    stamp.isAdmitted() == Tristate.YES);
            stamp.getIdentityDigest(facts.identityDigest(), 0, facts.identityDigest().length);
        }
    }

    private void readIntake(DecisionEvent event, Policy policy) {
        RecordSectionsDecoder.IntakeDecoder intake = sections.intake();
        if (!intake.hasNext()) {
            event.intake().goesOn(event.sequence(), policy);
            return;
        }
        intake.next();
        if (intake.originalSequence() == RecordSectionsDecoder.IntakeDecoder.originalSequenceNullValue()) {
            event.intake().refused(event.sequence(), intake.result(), policy);
        } else {
            event.intake().duplicate(event.sequence(), intake.originalSequence(), policy);
        }
    }

    private void readRegime(DecisionEvent event) {
        RecordSectionsDecoder.RegimeDecoder regime = sections.regime();
        if (!regime.hasNext()) {
            event.regime().notTaken(event.sequence());
            return;
        }
        regime.next();
        event.regime().found(event.sequence(), regime.regime(), regime.severity(), regime.floorStepBps());
    }

    /** Does the record hold a request that the kernel saw? */
    private boolean readEffective(DecisionEvent event, Policy policy) {
        EffectiveDecoder recorded = sections.effective();
        boolean isPresent = recorded.hasNext();
        event.effective().notTaken(event.sequence());
        if (!isPresent) {
            return false;
        }
        recorded.next();
        if (policy == null || !Defaults.isRequest(event)) {
            differs("an effective input stands where there is no request or no policy");
            return false;
        }
        recordedInput.read(event, recorded);
        event.effective().choice().chosen(recorded.tier());
        event.effective().resolved(event.sequence(), recorded.floorSource());
        return true;
    }

    private void readTierDraws(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.TierDrawDecoder draws = sections.tierDraw();
        int count = draws.count();
        boolean isKept = isRequest && count <= Adaptive.TIERS_MAX;
        TierChoice tiers = event.effective().choice();
        if (isKept) {
            tiers.begin(count);
        } else if (count > 0) {
            differs(count + " tiers were sampled where there is no such choice");
        }
        for (int tier = 0; tier < count; tier++) {
            draws.next();
            if (isKept) {
                tiers.sampled(tier, draws.successes(), draws.failures(), draws.draw());
            }
        }
    }

    private void readDecision(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.DecisionDecoder recorded = sections.decision();
        boolean isPresent = recorded.hasNext();
        check("a kernel decision", isPresent ? 1 : 0, isRequest ? 1 : 0);
        if (isPresent) {
            recorded.next();
        }
        if (!isRequest) {
            event.decision().notTaken(event.sequence());
            return;
        }
        KernelDecision decision = event.decision().decision();
        kernel.evaluate(event.intake().policy().catalog(), event.effective().input(), decision);
        event.decision().decided(event.sequence());
        if (isPresent) {
            check("kernel action", recorded.actionRaw(), decision.action().value());
            check("kernel reason", recorded.reasonRaw(), decision.reason().value());
            check("selected candidate", recorded.selectedCandidateId(), decision.selectedId());
        }
    }

    /** The slot gets the digest that is recorded. */
    private void readProof(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.ProofDecoder recorded = sections.proof();
        boolean isPresent = recorded.hasNext();
        ProofSection proof = event.proof();
        proof.notTaken(event.sequence());
        if (isPresent) {
            recorded.next();
            recorded.getDecisionDigest(proof.decisionDigest(), 0, proof.decisionDigest().length);
        }
        if (!isRequest) {
            check("a decision digest", isPresent ? 1 : 0, 0);
            return;
        }
        seal.input(event.effective().input(), proof.inputDigest(), 0);
        seal.decision(event.decision().decision(), recomputed, 0);
        proof.sealed(event.sequence());
        if (!Arrays.equals(proof.decisionDigest(), recomputed)) {
            differs("decision digest: recorded " + hex(proof.decisionDigest()) + ", computed " + hex(recomputed));
        }
    }

    private void readSelection(DecisionEvent event, boolean isRequest) {
        RecordSectionsDecoder.SelectionDecoder recorded = sections.selection();
        boolean isPresent = recorded.hasNext();
        check("a selection", isPresent ? 1 : 0, isRequest ? 1 : 0);
        if (isPresent) {
            recorded.next();
        }
        if (!isRequest) {
            event.selection().notTaken(event.sequence());
            return;
        }
        choice.select(event);
        if (isPresent) {
            Selection selection = event.selection().selection();
            check("acted candidate", recorded.actedCandidateId(), selection.actedCandidateId());
            check("strategy", recorded.strategyRaw(), selection.strategy().value());
            check("propensity", recorded.propensityBps(), selection.propensityBps());
        }
    }

    private void readBudget(DecisionEvent event) {
        RecordSectionsDecoder.BudgetDecoder recorded = sections.budget();
        boolean isPresent = recorded.hasNext();
        if (isPresent) {
            recorded.next();
            budget.recorded(recorded.result(), recorded.heldMicros(), recorded.remainingMicros());
        }
        ControlDecoder control = sections.control();
        if (control.hasNext()) {
            control.next();
            budget.recordedControl(control.limit(), control.observed(), control.headroom());
        }
        if (isPresent) {
            event.budget().booked(event.sequence(), budget);
        } else {
            event.budget().notTaken(event.sequence());
        }
    }

    private void check(String what, long recorded, long computed) {
        if (recorded != computed) {
            differs(what + ": recorded " + recorded + ", computed " + computed);
        }
    }

    private void differs(String what) {
        if (difference == null) {
            difference = what;
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
