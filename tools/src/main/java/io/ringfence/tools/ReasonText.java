package io.ringfence.tools;

import io.ringfence.schemas.ReasonCode;

/** Explains a reason code in one sentence. */
public final class ReasonText {
    private ReasonText() {}

    /** Does a refusal with this reason speak of the engine's state, so that the same command may pass later? */
    static boolean isOfEnvironment(ReasonCode reason) {
        return switch (reason) {
            case RING_FULL, WINDOW_FULL, DISK_LOW, JOURNAL_DAMAGED, CLOCK_STEP, ENGINE_FAILED, SESSIONS_FULL -> true;
            default -> false;
        };
    }

    /** The sentence, with its full stop. Codes unknown to this build have one too. */
    public static String of(ReasonCode reason) {
        return switch (reason) {
            case NONE -> "Nothing speaks against it.";
            case REQUESTED_IS_BEST -> "The requested candidate is the best that may act.";
            case BETTER_CANDIDATE -> "Another candidate is worth more than the requested one.";
            case RISK_HARD_LIMIT -> "The request's risk reaches the policy's hard limit.";
            case CONFIDENCE_TOO_LOW -> "The confidence in the request is below the policy's minimum.";
            case CANDIDATES_DISABLED -> "No candidate passed every gate; most are disabled.";
            case QUALITY_TOO_LOW -> "No candidate passed every gate; most fall below the quality floor.";
            case LATENCY_TOO_HIGH -> "No candidate passed every gate; most are slower than the latency cap.";
            case CAPABILITY_MISSING -> "No candidate passed every gate; most lack a required capability.";
            case PROVIDER_NOT_ALLOWED ->
                "No candidate passed every gate; most belong to a provider that is not allowed.";
            case REGION_NOT_ALLOWED -> "No candidate passed every gate; most serve none of the required regions.";
            case COST_LIMIT_EXCEEDED -> "No candidate passed every gate; most cost more than the cost limit.";
            case UTILITY_NOT_POSITIVE -> "No candidate passed every gate; most are not worth their cost and risk.";
            case RISK_CEILING_EXCEEDED -> "No candidate passed every gate; the request's risk is above most ceilings.";
            case APPLIED -> "The command took effect.";
            case REQUEST_ID_REUSED -> "This request id was used before with another body.";
            case REQUEST_ID_TOO_OLD -> "This request id is so old that it may have been used before.";
            case REQUEST_ID_TOO_FAR -> "This request id is too far above the highest that was used.";
            case PRINCIPAL_LOGGED_ON ->
                "The principal that is to begin anew has a session: its client must be stopped first.";
            case OUTCOME_WITHOUT_LESSON ->
                "The outcome taught nothing: it says neither quality nor success, or the action was not applied.";
            case OUTCOME_WITHOUT_TIER ->
                "The outcome taught nothing: its decision had no tier, or the policy has no such tier any more.";
            case OUTCOME_REPEATED ->
                "The outcome changed nothing: this revision stands already, with the same content.";
            case OUTCOME_SUPERSEDED -> "The outcome changed nothing: a later revision of it stands.";
            case OUTCOME_CONTRADICTORY ->
                "The outcome changed nothing: this revision stands already, with other content.";
            case OUTCOME_REVISED -> "The outcome took effect, and the lesson of the earlier revision was taken back.";
            case OUTCOME_TAKEN_BACK ->
                "The outcome taught nothing, and the lesson of the earlier revision was taken back.";
            case LEARNING_FROZEN -> "The outcome taught nothing: learning of its use case is frozen.";
            case DRIFT_ALARM ->
                "With this outcome the success rate moved too far from its past: learning of the use case is frozen, at its fallback.";
            case DIVERGENCE_ALARM ->
                "With this outcome late reports differ too much from quick ones: learning of the use case is frozen, at its fallback.";
            case ACCOUNT_UNKNOWN -> "There is no such account.";
            case ACCOUNT_CLOSED -> "The account is closed.";
            case ACCOUNT_EXISTS -> "An account of this id was opened before.";
            case NO_POLICY -> "No policy is in force yet.";
            case POLICY_INCOMPLETE ->
                "Parts of the policy are missing, do not match the announced digests, or another upload has replaced them.";
            case POLICY_INVALID -> "The policy breaks a rule.";
            case EPOCH_NOT_NEWER -> "The policy's epoch is not above the one in force.";
            case ACTED_ON_REJECTION -> "The outcome says that something was done which had not been admitted.";
            case FIELD_OUT_OF_RANGE ->
                "A value of a command that the engine gave itself is outside its range, a policy's epoch is too far above, or there is no such tier.";
            case USE_CASE_UNKNOWN -> "The policy in force has no such use case.";
            case NOTHING_TO_FORGET -> "The principal that was to begin anew never sent a request.";
            case SETTINGS_FIXED -> "The deciding settings of a journal never change.";
            case REQUESTED_NOT_ELIGIBLE -> "No substitute is allowed, and the requested candidate fails a gate.";
            case REQUESTED_DIRECTED -> "The requested candidate acts as the client insists; another is worth more.";
            case EXPLORED -> "A candidate that is nearly as good as the best acts, to learn about it.";
            case PARENT_UNKNOWN -> "The account named as parent was never opened.";
            case TREE_TOO_DEEP -> "A tree of accounts has at most eight levels.";
            case CURRENCY_DIFFERS -> "A tree of accounts has one currency.";
            case BUDGET_EXHAUSTED -> "The account has less available than this would hold.";
            case EXPOSURE_LIMIT -> "The account would have more reserved than its cap allows.";
            case AMOUNT_OVERFLOW -> "An amount is too large to be counted.";
            case AMOUNT_NOT_POSITIVE -> "The amount is not positive.";
            case HOLD_UNKNOWN -> "No hold stands under this id.";
            case HOLD_DUPLICATE -> "A hold of this id stands already.";
            case COMMIT_OVERRUN -> "The commit is more than hold and account have together.";
            case HOLD_IS_ORDER -> "The hold is an order's, which ends by an execution and not by a settle.";
            case HOLD_NOT_ORDER -> "The hold is no order's; cancel, replace and execution act on orders only.";
            case REPLACE_PENDING -> "An earlier replace of this order is still open.";
            case ACCOUNT_OVERDRAWN -> "The account is overdrawn and takes no new risk until that is cured.";
            case ACCOUNT_NOT_EMPTY -> "The account still has open holds or an overdraft.";
            case EXECUTION_DUPLICATE -> "This execution was booked before; nothing changed.";
            case QUANTITY_NOT_POSITIVE -> "The quantity is not positive.";
            case ORDER_QUANTITY_LIMIT -> "The order's quantity is above the limit of its side.";
            case ORDER_VALUE_LIMIT -> "The order's quantity times its limit price is above the limit.";
            case ROLE_NOT_PERMITTED -> "The principal's role no longer permitted that when its turn came.";
            case ACCOUNT_NOT_PERMITTED -> "The principal may not act on this account.";
            case DECISION_NOT_PERMITTED -> "The principal may not act on the account of the decision that it named.";
            case HOLD_NOT_PERMITTED -> "The principal may not act on the account of this hold.";
            case HOLDS_AT_BOUND -> "The account has as many holds, or positions in instruments, as the settings allow.";
            case EXTERNAL_ID_IN_USE -> "A standing order of the same principal has this external id.";
            case BOUND_REACHED ->
                "There are as many accounts or principals, or the policy is as long, as the settings allow.";
            case FACT_OUTSTANDING -> "It cannot be booked exactly once: it is kept until a person books or drops it.";
            case ACCOUNT_OUTSTANDING ->
                "The account has outstanding facts and takes no new risk until a person has settled them.";
            case FACT_UNKNOWN -> "No such fact is outstanding, or they are kept under another count and span.";
            case FRAME_MALFORMED -> "The message is cut short, or its lengths do not add up.";
            case SCHEMA_UNKNOWN -> "The message is of another schema.";
            case VERSION_UNSUPPORTED -> "This build cannot read that version of the schema.";
            case NOT_SUPPORTED -> "This build does not act on such a message, or such a value.";
            case NOT_LOGGED_ON -> "There is no session; log on first.";
            case PRINCIPAL_UNKNOWN -> "The journal names no such principal, or it has no role.";
            case SESSION_SEQUENCE_GAP -> "The message is not the next one of its session.";
            case WINDOW_FULL -> "Too many answers are outstanding or unread.";
            case RING_FULL -> "There was no room just now; nothing was taken, try again.";
            case FIELD_INVALID -> "A field's value is outside its range.";
            case OUTCOME_TOO_EARLY -> "The decision that the outcome is about has not been answered yet.";
            case OUTCOME_TOO_OLD -> "The decision that the outcome is about is too long ago.";
            case DISK_LOW -> "The journal has too little room for new admissions.";
            case ENGINE_FAILED -> "The engine has stopped; nothing more is answered.";
            case NOT_ALLOWED -> "The principal's role may not send that.";
            case ANSWER_NOT_KEPT -> "The record of the first answer, or of the decision that is named, cannot be read.";
            case SESSIONS_FULL -> "There is no room for another session.";
            case CLOCK_STEP ->
                "The wall clock stepped too far; admissions wait until a risk principal accepts it (ringfence clock accept).";
            case JOURNAL_DAMAGED -> "An older record of the journal is damaged; admissions wait until it is restored.";
            case NOT_ANSWERED_YET -> "The request was taken and is not answered yet.";
            case REQUEST_ID_UNKNOWN -> "No request of this id is known, or no longer.";
            case SESSION_STANDS -> "The principal has a session, and the log-on was to replace nobody.";
            case SBE_UNKNOWN, NULL_VAL -> "A reason that this build does not know.";
        };
    }
}
