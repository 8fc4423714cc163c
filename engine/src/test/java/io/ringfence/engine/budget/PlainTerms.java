package io.ringfence.engine.budget;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.ZERO;

import io.ringfence.schemas.ExecutionKind;
import java.math.BigInteger;

/** The slow, obvious terms of one order: those that the venue has, as far as it told, and those of a replace that it has not answered. */
final class PlainTerms {
    static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final BigInteger SCALE = BigInteger.valueOf(100_000_000);

    /** One version of an order. */
    private static final class Version {
        long sequence;
        BigInteger total;
        BigInteger open; // As counted.
        BigInteger price;

        Version(long sequence, BigInteger total, BigInteger open, BigInteger price) {
            this.sequence = sequence;
            this.total = total;
            this.open = open;
            this.price = price;
        }
    }

    /** What a report says; null where it says nothing. */
    record Said(
            ExecutionKind kind,
            BigInteger quantity,
            BigInteger price,
            BigInteger leaves,
            Long sequence,
            BigInteger total,
            BigInteger cumulative) {
        BigInteger totalOfWorking() {
            boolean isAtWork = kind == ExecutionKind.FILL || kind == ExecutionKind.REPLACED;
            return total != null || cumulative == null || !isAtWork ? total : wrapped(cumulative.add(leaves));
        }
    }

    private final long order;
    private Version venue;
    private Version asked; // Null: no replace waits.
    private BigInteger more = ZERO; // That the venue has open above what is counted.
    private BigInteger totalBefore = ZERO;
    private BigInteger traded = ZERO; // As the venue says, and not booked yet.
    private BigInteger tradedPrice = ZERO;
    private boolean isFilled;
    private boolean isEnded;
    private boolean isAnswerToCome;
    BigInteger cost;
    BigInteger floor;
    BigInteger filled = ZERO;

    PlainTerms(long order, BigInteger quantity, BigInteger price, BigInteger cost, BigInteger floor) {
        this.order = order;
        this.venue = new Version(order, quantity, quantity, price);
        this.cost = cost;
        this.floor = floor;
    }

    PlainTerms copy() {
        PlainTerms copy = new PlainTerms(order, ZERO, ZERO, cost, floor);
        copy.venue = new Version(venue.sequence, venue.total, venue.open, venue.price);
        copy.asked = asked == null ? null : new Version(asked.sequence, asked.total, asked.open, asked.price);
        copy.more = more;
        copy.totalBefore = totalBefore;
        copy.traded = traded;
        copy.tradedPrice = tradedPrice;
        copy.isFilled = isFilled;
        copy.isEnded = isEnded;
        copy.isAnswerToCome = isAnswerToCome;
        copy.filled = filled;
        return copy;
    }

    /** How the order is remembered once it ended. */
    PlainTerms ended(BigInteger limit) {
        PlainTerms ended = copy();
        ended.venue.open = ZERO;
        ended.venue.price = limit;
        ended.asked = null;
        ended.more = ZERO;
        ended.cost = ZERO;
        ended.floor = ZERO;
        ended.totalBefore = ZERO;
        ended.traded = ZERO;
        return ended;
    }

    boolean isPending() {
        return asked != null;
    }

    BigInteger total() {
        return venue.total;
    }

    BigInteger price() {
        return venue.price;
    }

    BigInteger highestPrice() {
        return asked == null ? venue.price : venue.price.max(asked.price);
    }

    BigInteger open() {
        BigInteger now = venue.open.add(more);
        return asked == null ? now : now.max(asked.open);
    }

    BigInteger wanted() {
        if (open().signum() == 0) {
            return ZERO;
        }
        BigInteger now = value(venue.open.add(more), venue.price);
        return (asked == null ? now : now.max(value(asked.open, asked.price))).max(floor);
    }

    boolean isRepresentable() {
        return open().signum() == 0
                || fits(value(venue.open.add(more), venue.price))
                        && (asked == null || fits(value(asked.open, asked.price)));
    }

    private BigInteger value(BigInteger quantity, BigInteger price) {
        BigInteger dearer = tradedPrice.compareTo(price) > 0 ? traded.min(quantity) : ZERO;
        return up(quantity.subtract(dearer).multiply(price))
                .add(up(dearer.multiply(tradedPrice)))
                .add(cost);
    }

    private static BigInteger up(BigInteger scaled) {
        return scaled.add(SCALE).subtract(ONE).divide(SCALE);
    }

    /** Lets a replace wait; false where its open quantity is out of range. */
    boolean replace(long sequence, BigInteger total, BigInteger price) {
        BigInteger traded = filled.subtract(more);
        BigInteger open = total.subtract(traded);
        if (!fits(traded) || !fits(open)) {
            return false;
        }
        asked = new Version(sequence, total, open.max(ZERO), price);
        return true;
    }

    void report(Said said, BigInteger fee) {
        boolean isOfAsked = isOfAsked(said);
        boolean isEarlier = isEarlier(said);
        boolean isForeign = said.sequence() != null && !isOfAsked && !isEarlier && said.sequence() != venue.sequence;
        boolean isOfVenue = isOfVenue(said);
        boolean isOpenToAny = !isOfAsked && !isOfVenue && !isEarlier && !isForeign;
        hear(
                said,
                isOfAsked ? asked : isOfVenue || isOpenToAny && asked == null ? venue : null,
                isOfAsked || isOpenToAny);
        switch (said.kind()) {
            case FILL -> fill(said, isOfAsked, isOfVenue, isEarlier, isForeign);
            case REPLACED -> {
                boolean isOpenToBoth = !isOfAsked && !isOfVenue && !isEarlier && !isForeign;
                if (isAnswerToCome && (isOfVenue || isOpenToBoth)) {
                    isAnswerToCome = false;
                } else if (isOfAsked || isOpenToBoth && asked != null) {
                    take();
                    venue.total = said.total() == null ? venue.total : said.total();
                    leave(said.leaves());
                } else if (!isEarlier) {
                    restate(said, isForeign);
                }
            }
            case REPLACE_REJECTED -> {
                boolean isOfAnother = said.sequence() != null && (isEarlier || isForeign);
                if (asked != null && !isOfAnother) {
                    asked = null;
                    if (said.leaves().signum() > 0 && !isOfAsked) {
                        leave(said.leaves());
                    }
                }
            }
            case CANCELLED, EXPIRED, REJECTED_BY_VENUE -> {
                if (isOfAsked) {
                    take();
                    isAnswerToCome = true;
                }
                if (!isEarlier) {
                    stop();
                    isEnded = true;
                }
            }
            default -> {
                boolean hasAllTraded = venue.open.add(more).signum() == 0 && filled.compareTo(venue.total) >= 0;
                if (!isEnded && !hasAllTraded && !isEarlier && said.leaves().compareTo(venue.open.add(more)) > 0) {
                    isFilled = false;
                    if (isOfVenue) {
                        leave(said.leaves());
                    } else {
                        leaveOneOf(said.leaves());
                    }
                }
                return;
            }
        }
        cost = cost.subtract(fee.max(ZERO)).max(ZERO);
    }

    /** What has traded in all by the venue's word, less what was booked, is still to come. */
    private void hear(Said said, Version of, boolean isOfAskedOrOpen) {
        boolean isAnswer = said.kind() == ExecutionKind.REPLACED && asked != null && isOfAskedOrOpen;
        boolean isAtWork = said.kind() == ExecutionKind.FILL || isAnswer;
        BigInteger inAll = said.cumulative();
        if (inAll == null) {
            BigInteger total =
                    said.total() == null && of != null && said.leaves().signum() > 0 ? of.total : said.total();
            inAll = total == null || total.compareTo(said.leaves()) < 0 ? null : total.subtract(said.leaves());
        }
        if (!isAtWork || inAll == null) {
            return;
        }
        BigInteger toCome = inAll.subtract(filled).min(MAX);
        if (toCome.compareTo(traded) > 0) {
            tradedPrice = traded.signum() == 0 ? venue.price : tradedPrice.max(venue.price);
            traded = toCome;
        }
    }

    /** Takes note of what was booked; below 0 it was taken back. */
    void booked(BigInteger quantity) {
        filled = filled.add(quantity);
        traded = traded.subtract(quantity.max(ZERO)).max(ZERO);
        tradedPrice = traded.signum() == 0 ? ZERO : tradedPrice;
    }

    /** The limit that bounds what a report books. */
    BigInteger limitOf(Said said) {
        boolean isOfEarlier = traded.signum() > 0 && isEarlier(said);
        return isOfEarlier ? highestPrice().max(tradedPrice) : highestPrice();
    }

    private boolean wasReplaced() {
        return venue.sequence != order;
    }

    private boolean isOfAsked(Said said) {
        if (asked == null || said.sequence() != null) {
            return asked != null && said.sequence() != venue.sequence && said.sequence() == asked.sequence;
        }
        BigInteger total = toldTotal(said);
        boolean isClear = !wasReplaced() || said.kind() == ExecutionKind.REPLACED;
        return total != null && total.equals(asked.total) && !total.equals(venue.total) && isClear;
    }

    private boolean isOfVenue(Said said) {
        if (said.sequence() != null) {
            return said.sequence() == venue.sequence;
        }
        BigInteger total = toldTotal(said);
        boolean isAlone = asked == null && !wasReplaced();
        boolean isTold = total != null && total.equals(venue.total) && (asked == null || !total.equals(asked.total));
        return isAlone || isTold;
    }

    private boolean isEarlier(Said said) {
        if (said.sequence() != null) {
            return said.sequence() >= order && said.sequence() < venue.sequence && !isOfAsked(said);
        }
        BigInteger total = toldTotal(said);
        return total != null
                && wasReplaced()
                && total.equals(totalBefore)
                && !total.equals(venue.total)
                && (asked == null || !total.equals(asked.total));
    }

    private static BigInteger toldTotal(Said said) {
        return said.kind() == ExecutionKind.REPLACE_REJECTED ? null : said.totalOfWorking();
    }

    private void fill(Said said, boolean isOfAsked, boolean isOfVenue, boolean isEarlier, boolean isForeign) {
        boolean isFirst = !wasReplaced();
        if (isOfAsked) {
            take();
            isAnswerToCome = true;
        }
        BigInteger said0 = more.signum() == 0
                ? ZERO
                : venue.open.add(more).subtract(said.quantity()).max(ZERO);
        venue.open = venue.open.subtract(said.quantity()).max(ZERO);
        more = said0.subtract(venue.open).max(ZERO);
        if (asked != null) {
            asked.open = asked.open.subtract(said.quantity()).max(ZERO);
        }
        floor = said.quantity().signum() > 0 ? ZERO : floor;
        boolean isCertain = isOfAsked || isOfVenue;
        if (isEarlier) {
            return;
        }
        if (said.leaves().signum() == 0 && (isCertain || !isForeign && isFirst)) {
            stop();
            isFilled = true;
        } else if (isCertain) {
            leave(said.leaves());
        } else {
            leaveOneOf(said.leaves());
        }
    }

    private void restate(Said said, boolean isForeign) {
        if (said.leaves().signum() == 0) {
            if (said.totalOfWorking() != null) {
                stop();
                isEnded = true;
            }
            return;
        }
        if (isForeign && said.sequence() > venue.sequence) {
            totalBefore = venue.total;
            venue.sequence = said.sequence();
        }
        venue.total = said.totalOfWorking() == null ? wrapped(said.leaves().add(filled)) : said.totalOfWorking();
        venue.open = said.leaves().add(traded).min(MAX);
        more = ZERO;
        isFilled = false;
        isEnded = false;
        venue.price = said.price().signum() > 0 ? said.price() : venue.price;
    }

    private void take() {
        tradedPrice = tradedPrice.max(venue.price);
        totalBefore = venue.total;
        venue = asked;
        asked = null;
        more = ZERO;
        isFilled = false;
        isEnded = false;
        isAnswerToCome = false;
    }

    private void stop() {
        venue.open = ZERO;
        more = ZERO;
        traded = ZERO;
    }

    private void leave(BigInteger leaves) {
        if (isFilled || isEnded) {
            return;
        }
        BigInteger before = more;
        more = leaves.subtract(venue.open).max(ZERO);
        if (asked != null) {
            asked.open = asked.open.add(more).subtract(before).max(ZERO).min(MAX);
        }
    }

    private void leaveOneOf(BigInteger leaves) {
        if (asked == null) {
            leave(leaves);
        } else if (leaves.compareTo(open()) > 0) {
            isFilled = false;
            leave(leaves);
            asked.open = asked.open.max(leaves);
        }
    }

    static boolean fits(BigInteger value) {
        return value.bitLength() < Long.SIZE;
    }

    private static BigInteger wrapped(BigInteger value) {
        return BigInteger.valueOf(value.longValue());
    }
}
