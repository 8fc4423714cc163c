package io.ringfence.gateway.frame;

import io.ringfence.engine.bandit.TierBandit;
import io.ringfence.engine.control.ControlCode;
import io.ringfence.engine.intake.PolicyAssembly;
import io.ringfence.engine.intake.RequestMemory;
import io.ringfence.engine.policy.Adaptive;
import io.ringfence.schemas.AccountCommandDecoder;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.AccountVerb;
import io.ringfence.schemas.ClockCommandDecoder;
import io.ringfence.schemas.FactCommandDecoder;
import io.ringfence.schemas.FactVerb;
import io.ringfence.schemas.HoldCommandDecoder;
import io.ringfence.schemas.HoldVerb;
import io.ringfence.schemas.LearningCommandDecoder;
import io.ringfence.schemas.LearningVerb;
import io.ringfence.schemas.LogonDecoder;
import io.ringfence.schemas.PolicyChangeDecoder;
import io.ringfence.schemas.PolicyPieceDecoder;
import io.ringfence.schemas.PolicySection;
import io.ringfence.schemas.PrincipalRestartDecoder;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Tristate;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Ranges of the fields of the messages that end with a text: u16 length | that many bytes. */
final class TextRules {
    /** Bytes of the length before a text. */
    private static final int LENGTH_LENGTH = Short.BYTES;

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7f;

    /** Bytes of UTF-8 that a justification of facts may have. */
    static final int MAX_JUSTIFICATION_LENGTH = 256;

    /** Bytes of UTF-8 that a name or a reason may have. */
    static final int MAX_NAME_LENGTH = 128;

    private static final int HIGHEST_LIMIT = ControlCode.limits()[ControlCode.limits().length - 1].value();

    private final LogonDecoder logon = new LogonDecoder();
    private final AccountCommandDecoder account = new AccountCommandDecoder();
    private final PrincipalRestartDecoder restart = new PrincipalRestartDecoder();
    private final ClockCommandDecoder clock = new ClockCommandDecoder();
    private final HoldCommandDecoder hold = new HoldCommandDecoder();
    private final FactCommandDecoder fact = new FactCommandDecoder();
    private final LearningCommandDecoder learning = new LearningCommandDecoder();
    private final PolicyPieceDecoder policyPiece = new PolicyPieceDecoder();
    private final PolicyChangeDecoder policyChange = new PolicyChangeDecoder();

    /** Only a write-off is acted on; it names no account and no amount, and says why. */
    void checkHold(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        hold.wrap(buffer, offset, HoldCommandDecoder.BLOCK_LENGTH, HoldCommandDecoder.SCHEMA_VERSION);
        int verb = hold.verbRaw();
        frame.require(hold.holdId() > 0, HoldCommandDecoder.holdIdId(), hold.holdId());
        frame.require(
                verb >= HoldVerb.MOVE.value() && verb <= HoldVerb.WRITE_OFF.value(), HoldCommandDecoder.verbId(), verb);
        frame.requireActedOn(verb == HoldVerb.WRITE_OFF.value(), HoldCommandDecoder.verbId(), verb);
        frame.require(
                hold.accountId() == HoldCommandDecoder.accountIdNullValue(),
                HoldCommandDecoder.accountIdId(),
                hold.accountId());
        frame.require(
                hold.amountMicros() == HoldCommandDecoder.amountMicrosNullValue(),
                HoldCommandDecoder.amountMicrosId(),
                hold.amountMicros());
        int textOffset = offset + HoldCommandDecoder.BLOCK_LENGTH;
        checkText(buffer, textOffset, behindBlock, 1, HoldCommandDecoder.justificationId(), frame);
    }

    void checkAccount(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        account.wrap(buffer, offset, AccountCommandDecoder.BLOCK_LENGTH, AccountCommandDecoder.SCHEMA_VERSION);
        long accountId = account.accountId();
        frame.require(accountId > 0, AccountCommandDecoder.accountIdId(), accountId);
        long parent = account.parentAccountId();
        int verb = account.verbRaw();
        boolean isOpen = verb == AccountVerb.OPEN.value();
        boolean isLimit = verb == AccountVerb.SET_LIMIT.value();
        frame.require(
                parent == AccountCommandDecoder.parentAccountIdNullValue()
                        || isOpen && parent > 0 && parent != accountId,
                AccountCommandDecoder.parentAccountIdId(),
                parent);
        long amountMicros = account.amountMicros();
        frame.require(
                isLimit || verb == AccountVerb.CLOSE.value() ? amountMicros == 0 : amountMicros >= 0,
                AccountCommandDecoder.amountMicrosId(),
                amountMicros);
        frame.require(
                verb >= AccountVerb.OPEN.value() && verb <= AccountVerb.SET_LIMIT.value(),
                AccountCommandDecoder.verbId(),
                verb);
        long capMicros = account.capMicros();
        frame.require(isOpen ? capMicros >= 0 : capMicros == 0, AccountCommandDecoder.capMicrosId(), capMicros);
        int firstWrong = firstWrongOfCurrency(buffer, offset, isOpen);
        frame.require(firstWrong < 0, AccountCommandDecoder.currencyId(), firstWrong);
        int limit = account.limitKindRaw();
        frame.require(
                isLimit ? limit > 0 && limit <= HIGHEST_LIMIT : limit == AccountLimit.NONE.value(),
                AccountCommandDecoder.limitKindId(),
                limit);
        long value = account.limitValue();
        frame.require(
                value == AccountCommandDecoder.limitValueNullValue() || isLimit && value >= 0,
                AccountCommandDecoder.limitValueId(),
                value);
        int nameOffset = offset + AccountCommandDecoder.BLOCK_LENGTH;
        checkText(buffer, nameOffset, behindBlock, 1, AccountCommandDecoder.nameId(), frame);
    }

    void checkPrincipalRestart(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        restart.wrap(buffer, offset, PrincipalRestartDecoder.BLOCK_LENGTH, PrincipalRestartDecoder.SCHEMA_VERSION);
        int principalId = (int) restart.principalId();
        frame.require(principalId > 0, PrincipalRestartDecoder.principalIdId(), restart.principalId());
        int textOffset = offset + PrincipalRestartDecoder.BLOCK_LENGTH;
        checkText(buffer, textOffset, behindBlock, 1, PrincipalRestartDecoder.justificationId(), frame);
    }

    /** The text is all that is left of the frame, has at least so many bytes, and no more than a name may have. */
    private static void checkText(
            DirectBuffer buffer, int offset, int behindBlock, int leastLength, int fieldId, Frame frame) {
        if (isWhole(buffer, offset, behindBlock, frame)) {
            int length = length(buffer, offset);
            frame.require(length >= leastLength && length <= MAX_NAME_LENGTH, fieldId, length);
            requirePrintable(buffer, offset, fieldId, frame);
        }
    }

    void checkClock(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        clock.wrap(buffer, offset, ClockCommandDecoder.BLOCK_LENGTH, ClockCommandDecoder.SCHEMA_VERSION);
        frame.require(clock.wallClockNs() == 0, ClockCommandDecoder.wallClockNsId(), clock.wallClockNs());
        int whyOffset = offset + ClockCommandDecoder.BLOCK_LENGTH;
        if (isWhole(buffer, whyOffset, behindBlock, frame)) {
            int whyLength = length(buffer, whyOffset);
            frame.require(
                    whyLength >= 1 && whyLength <= MAX_NAME_LENGTH, ClockCommandDecoder.justificationId(), whyLength);
            requirePrintable(buffer, whyOffset, ClockCommandDecoder.justificationId(), frame);
        }
    }

    /** The first character that is neither a capital letter, a digit nor a zero byte with only such behind it; below 0 for none. */
    private static int firstWrongOfCurrency(DirectBuffer buffer, int offset, boolean mayHaveOne) {
        int begin = offset + AccountCommandDecoder.currencyEncodingOffset();
        boolean isEnded = !mayHaveOne;
        for (int i = begin; i < begin + AccountCommandDecoder.currencyLength(); i++) {
            int character = Byte.toUnsignedInt(buffer.getByte(i));
            boolean isOfCode = character >= 'A' && character <= 'Z' || character >= '0' && character <= '9';
            if (character != 0 && (isEnded || !isOfCode)) {
                return character;
            }
            isEnded |= character == 0;
        }
        return -1;
    }

    void checkFact(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        fact.wrap(buffer, offset, FactCommandDecoder.BLOCK_LENGTH, FactCommandDecoder.SCHEMA_VERSION);
        int verb = fact.verbRaw();
        boolean isDrop = verb == FactVerb.DROP.value();
        long accountId = fact.accountId();
        boolean isNamed = accountId != FactCommandDecoder.accountIdNullValue();
        frame.require(isNamed ? accountId > 0 : isDrop, FactCommandDecoder.accountIdId(), accountId);
        long first = fact.firstSequence();
        long last = fact.lastSequence();
        frame.require(first > 0, FactCommandDecoder.firstSequenceId(), first);
        frame.require(last >= first, FactCommandDecoder.lastSequenceId(), last);
        frame.require(
                fact.count() > 0 && (first == last) == (fact.count() == 1), FactCommandDecoder.countId(), fact.count());
        long chargeMicros = fact.chargeMicros();
        boolean isChargeSound = isDrop ? chargeMicros == 0 : chargeMicros != FactCommandDecoder.chargeMicrosNullValue();
        frame.require(isChargeSound, FactCommandDecoder.chargeMicrosId(), chargeMicros);
        boolean hasInstrument = fact.instrumentId() != FactCommandDecoder.instrumentIdNullValue();
        frame.require(
                fact.quantity() == 0 || hasInstrument && fact.quantity() != FactCommandDecoder.quantityNullValue(),
                FactCommandDecoder.quantityId(),
                fact.quantity());
        frame.require(!hasInstrument || !isDrop, FactCommandDecoder.instrumentIdId(), fact.instrumentId());
        frame.require(
                verb >= FactVerb.BOOK.value() && verb <= FactVerb.BOOK_PART.value(), FactCommandDecoder.verbId(), verb);
        int textOffset = offset + FactCommandDecoder.BLOCK_LENGTH;
        if (isWhole(buffer, textOffset, behindBlock, frame)) {
            int length = length(buffer, textOffset);
            frame.require(
                    length > 0 && length <= MAX_JUSTIFICATION_LENGTH, FactCommandDecoder.justificationId(), length);
            requirePrintable(buffer, textOffset, FactCommandDecoder.justificationId(), frame);
        }
    }

    /** A reset names one posterior, a tier's or a candidate's; no other verb names any. */
    void checkLearning(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        learning.wrap(buffer, offset, LearningCommandDecoder.BLOCK_LENGTH, LearningCommandDecoder.SCHEMA_VERSION);
        int verb = learning.verbRaw();
        boolean isReset = verb == LearningVerb.RESET.value();
        boolean isOfCandidate = learning.candidateId() != LearningCommandDecoder.candidateIdNullValue();
        int useCase = learning.useCase();
        int regime = learning.regime();
        int tier = learning.tier();
        frame.require(
                !isOfCandidate || isReset && learning.candidateId() > 0,
                LearningCommandDecoder.candidateIdId(),
                learning.candidateId());
        frame.require(
                verb >= LearningVerb.FREEZE.value() && verb <= LearningVerb.RESET.value(),
                LearningCommandDecoder.verbId(),
                verb);
        frame.require(
                useCase < Adaptive.USE_CASES_MAX || useCase == LearningCommandDecoder.useCaseNullValue() && !isReset,
                LearningCommandDecoder.useCaseId(),
                useCase);
        frame.require(
                isReset ? regime < TierBandit.REGIMES : regime == LearningCommandDecoder.regimeNullValue(),
                LearningCommandDecoder.regimeId(),
                regime);
        frame.require(
                isReset && !isOfCandidate ? tier < Adaptive.TIERS_MAX : tier == LearningCommandDecoder.tierNullValue(),
                LearningCommandDecoder.tierId(),
                tier);
        int textOffset = offset + LearningCommandDecoder.BLOCK_LENGTH;
        checkText(buffer, textOffset, behindBlock, 1, LearningCommandDecoder.justificationId(), frame);
    }

    /** All bytes of the content are taken as they are; only the last piece of a section may be short. */
    void checkPolicyPiece(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        policyPiece.wrap(buffer, offset, PolicyPieceDecoder.BLOCK_LENGTH, PolicyPieceDecoder.SCHEMA_VERSION);
        checkUpload(policyPiece.uploadId(), PolicyPieceDecoder.uploadIdId(), frame);
        checkEpoch(policyPiece.epoch(), PolicyPieceDecoder.epochId(), frame);
        long index = policyPiece.index();
        long count = policyPiece.count();
        frame.require(index < Math.max(1, count), PolicyPieceDecoder.indexId(), index);
        frame.require(count >= 1 && count <= PolicyAssembly.PIECES_MAX, PolicyPieceDecoder.countId(), count);
        int section = policyPiece.sectionRaw();
        frame.require(
                section >= PolicySection.CATALOG.value() && section <= PolicySection.SOURCE.value(),
                PolicyPieceDecoder.sectionId(),
                section);
        int contentOffset = offset + PolicyPieceDecoder.BLOCK_LENGTH;
        if (isWhole(buffer, contentOffset, behindBlock, frame)) {
            int length = length(buffer, contentOffset);
            boolean isLengthRight =
                    index == count - 1 ? length <= PolicyAssembly.PIECE_LENGTH : length == PolicyAssembly.PIECE_LENGTH;
            frame.require(isLengthRight, PolicyPieceDecoder.contentId(), length);
        }
    }

    void checkPolicyChange(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        policyChange.wrap(buffer, offset, PolicyChangeDecoder.BLOCK_LENGTH, PolicyChangeDecoder.SCHEMA_VERSION);
        checkUpload(policyChange.uploadId(), PolicyChangeDecoder.uploadIdId(), frame);
        checkEpoch(policyChange.epoch(), PolicyChangeDecoder.epochId(), frame);
        int textOffset = offset + PolicyChangeDecoder.BLOCK_LENGTH;
        checkText(buffer, textOffset, behindBlock, 1, PolicyChangeDecoder.justificationId(), frame);
    }

    private static void checkUpload(long uploadId, int fieldId, Frame frame) {
        frame.require(uploadId > 0 && uploadId <= RequestMemory.REQUEST_ID_MAX, fieldId, uploadId);
    }

    private static void checkEpoch(long epoch, int fieldId, Frame frame) {
        frame.require(epoch > 0 && epoch <= PolicyAssembly.EPOCH_MAX, fieldId, epoch);
    }

    void checkLogon(DirectBuffer buffer, int offset, int behindBlock, Frame frame) {
        logon.wrap(buffer, offset, LogonDecoder.BLOCK_LENGTH, LogonDecoder.SCHEMA_VERSION);
        frame.require(
                logon.heartbeatIntervalNs() > 0, LogonDecoder.heartbeatIntervalNsId(), logon.heartbeatIntervalNs());
        int replacesNobody = logon.replacesNobodyRaw();
        frame.require(replacesNobody <= Tristate.YES.value(), LogonDecoder.replacesNobodyId(), replacesNobody);
        int channelOffset = offset + LogonDecoder.BLOCK_LENGTH;
        if (isWhole(buffer, channelOffset, behindBlock, frame)) {
            requirePrintable(buffer, channelOffset, LogonDecoder.responseChannelId(), frame);
        }
    }

    /** Is the text all that is left of the frame? Otherwise the frame is malformed, with what is left as value. */
    static boolean isWhole(DirectBuffer buffer, int offset, int available, Frame frame) {
        boolean isWhole = available >= LENGTH_LENGTH && LENGTH_LENGTH + length(buffer, offset) == available;
        if (!isWhole) {
            frame.fault(ReasonCode.FRAME_MALFORMED, 0, available);
        }
        return isWhole;
    }

    static int length(DirectBuffer buffer, int offset) {
        return Short.toUnsignedInt(buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN));
    }

    /** No control characters: names and channels are shown to people and written to files. */
    static void requirePrintable(DirectBuffer buffer, int offset, int fieldId, Frame frame) {
        int end = offset + LENGTH_LENGTH + length(buffer, offset);
        for (int i = offset + LENGTH_LENGTH; i < end; i++) {
            int character = Byte.toUnsignedInt(buffer.getByte(i));
            frame.require(character >= FIRST_PRINTABLE && character != DELETE, fieldId, character);
        }
    }
}
