package io.ringfence.engine.budget;

import io.ringfence.engine.control.ControlCode;
import io.ringfence.schemas.AccountLimit;
import io.ringfence.schemas.ExecutionKind;
import io.ringfence.schemas.ReasonCode;
import io.ringfence.schemas.Side;
import java.util.List;
import java.util.function.Function;

/** What each control says below, at and above its limit, and what it lets pass. A control without its table fails the tests. */
final class ControlTables {
    private static final long UNIT = 100_000_000;
    private static final long MAX = Long.MAX_VALUE;
    private static final ReasonCode PASSES = ReasonCode.NONE;

    private ControlTables() {}

    /** One line of a table: what is asked of a fresh desk, and what it must say. */
    record Row(String text, Function<Desk, ReasonCode> ask, ReasonCode expected) {
        @Override
        public String toString() {
            return text + " " + expected;
        }
    }

    static List<Row> of(ControlCode control) {
        return switch (control) {
            case OVERDRAWN -> overdrawn();
            case OUTSTANDING -> outstanding();
            case ORDER_QUANTITY -> orderQuantity();
            case ORDER_VALUE -> orderValue();
            case RANGE -> range();
            case EXPOSURE -> exposure();
            case AVAILABLE -> available();
        };
    }

    private static List<Row> overdrawn() {
        ReasonCode rejects = ReasonCode.ACCOUNT_OVERDRAWN;
        return List.of(
                new Row("1 left", desk -> desk.open(100).spend(99).hold(0), PASSES),
                new Row("0 left", desk -> desk.open(100).spend(100).hold(0), PASSES),
                new Row("1 overdrawn", desk -> desk.open(100).spend(101).hold(0), rejects),
                new Row(
                        "parent 1 overdrawn",
                        desk -> desk.openBelow(100, 200).spend(101).hold(0),
                        rejects),
                new Row(
                        "replace that does not grow",
                        desk -> desk.open(100).buys(2, 10).spend(101).replace(1, 10),
                        PASSES));
    }

    private static List<Row> outstanding() {
        ReasonCode rejects = ReasonCode.ACCOUNT_OUTSTANDING;
        return List.of(
                new Row("none", desk -> desk.open(100).hold(0), PASSES),
                new Row("one", desk -> desk.open(100).outstanding(1).hold(0), rejects),
                new Row("an order", desk -> desk.open(100).outstanding(1).buy(1, 1), rejects),
                new Row(
                        "dropped",
                        desk -> desk.open(100).outstanding(1).dropped(1).hold(0),
                        PASSES),
                new Row(
                        "two, one of them dropped",
                        desk -> desk.open(100).outstanding(2).dropped(1).hold(0),
                        rejects),
                new Row(
                        "parent's",
                        desk -> desk.openBelow(100, 200).parentOutstanding().hold(0),
                        rejects),
                new Row(
                        "replace that does not grow",
                        desk -> desk.open(100).buys(2, 10).outstanding(1).replace(1, 10),
                        PASSES),
                new Row(
                        "cancel",
                        desk -> desk.open(100).buys(2, 10).outstanding(1).cancel(),
                        PASSES),
                new Row(
                        "execution",
                        desk -> desk.open(100).buys(2, 10).outstanding(1).fill(),
                        PASSES));
    }

    private static List<Row> orderQuantity() {
        ReasonCode rejects = ReasonCode.ORDER_QUANTITY_LIMIT;
        AccountLimit ofBuys = AccountLimit.MAX_BUY_QUANTITY;
        AccountLimit ofSells = AccountLimit.MAX_SELL_QUANTITY;
        return List.of(
                new Row("not set", desk -> desk.open(MAX).buy(101, 1), PASSES),
                new Row("buy below", desk -> desk.limited(ofBuys, 100 * UNIT).buy(99, 1), PASSES),
                new Row("buy at", desk -> desk.limited(ofBuys, 100 * UNIT).buy(100, 1), PASSES),
                new Row("buy above", desk -> desk.limited(ofBuys, 100 * UNIT).buy(101, 1), rejects),
                new Row(
                        "buy the least above",
                        desk -> desk.limited(ofBuys, 100 * UNIT - 1).buy(100, 1),
                        rejects),
                new Row(
                        "sell with a limit of buys",
                        desk -> desk.limited(ofBuys, 100 * UNIT).sell(101, 1),
                        PASSES),
                new Row("sell below", desk -> desk.limited(ofSells, 100 * UNIT).sell(99, 1), PASSES),
                new Row("sell at", desk -> desk.limited(ofSells, 100 * UNIT).sell(100, 1), PASSES),
                new Row("sell above", desk -> desk.limited(ofSells, 100 * UNIT).sell(101, 1), rejects),
                new Row("limit 0", desk -> desk.limited(ofBuys, 0).buy(1, 1), rejects),
                new Row(
                        "lifted",
                        desk -> desk.limited(ofBuys, 0)
                                .limit(ofBuys, Accounts.NOT_SET)
                                .buy(1, 1),
                        PASSES),
                new Row(
                        "iceberg",
                        desk -> desk.limited(ofBuys, 100 * UNIT).shows(10).buy(101, 1),
                        rejects),
                new Row("no order", desk -> desk.limited(ofBuys, 0).hold(5), PASSES),
                new Row(
                        "parent's limit",
                        desk -> desk.openBelow(MAX, MAX)
                                .parentLimit(ofBuys, UNIT)
                                .buy(2, 1),
                        rejects),
                new Row(
                        "replace at",
                        desk -> desk.limited(ofBuys, 100 * UNIT).buys(90, 1).replace(100, 1),
                        PASSES),
                new Row(
                        "replace above",
                        desk -> desk.limited(ofBuys, 100 * UNIT).buys(90, 1).replace(101, 1),
                        rejects),
                new Row(
                        "replace of more, dearer",
                        desk -> desk.open(MAX).buys(150, 5).limit(ofBuys, UNIT).replace(150, 6),
                        rejects),
                new Row(
                        "replace that lowers",
                        desk -> desk.open(MAX).buys(150, 5).limit(ofBuys, UNIT).replace(140, 5),
                        PASSES),
                new Row(
                        "cancel",
                        desk -> desk.open(MAX).buys(150, 5).limit(ofBuys, 0).cancel(),
                        PASSES),
                new Row(
                        "execution",
                        desk -> desk.open(MAX).buys(150, 5).limit(ofBuys, 0).fill(),
                        PASSES),
                new Row(
                        "buy back all",
                        desk -> desk.open(MAX).sold(150).limit(ofBuys, UNIT).buy(150, 1),
                        PASSES),
                new Row(
                        "buy back more",
                        desk -> desk.open(MAX).sold(150).limit(ofBuys, UNIT).buy(151, 1),
                        rejects),
                new Row(
                        "buy back what is being bought back",
                        desk -> desk.open(MAX)
                                .sold(150)
                                .buys(1, 1)
                                .limit(ofBuys, UNIT)
                                .buy(150, 1),
                        rejects),
                new Row(
                        "buy back behind an open sell",
                        desk -> desk.open(MAX)
                                .sold(150)
                                .sells(9, 1)
                                .limit(ofBuys, UNIT)
                                .buy(151, 1),
                        rejects),
                new Row(
                        "sell all",
                        desk -> desk.open(MAX).bought(150).limit(ofSells, UNIT).sell(150, 1),
                        PASSES),
                new Row(
                        "sell more",
                        desk -> desk.open(MAX).bought(150).limit(ofSells, UNIT).sell(151, 1),
                        rejects));
    }

    private static List<Row> orderValue() {
        ReasonCode rejects = ReasonCode.ORDER_VALUE_LIMIT;
        AccountLimit limit = AccountLimit.MAX_ORDER_VALUE;
        long million = 1_000_000_000_000L;
        long hundred = 100_000_000L;
        return List.of(
                new Row("not set", desk -> desk.open(MAX).buy(10_001, hundred), PASSES),
                new Row("below", desk -> desk.limited(limit, million).buy(9_999, hundred), PASSES),
                new Row("at", desk -> desk.limited(limit, million).buy(10_000, hundred), PASSES),
                new Row("above", desk -> desk.limited(limit, million).buy(10_001, hundred), rejects),
                new Row("sell above", desk -> desk.limited(limit, million).sell(10_001, hundred), rejects),
                new Row(
                        "one micro over",
                        desk -> desk.limited(limit, million - 1).buy(10_000, hundred),
                        rejects),
                new Row(
                        "rounded up over",
                        desk -> desk.limited(limit, million).buyExactly(10_000 * UNIT + 1, hundred),
                        rejects),
                new Row("limit 0", desk -> desk.limited(limit, 0).buy(1, 1), rejects),
                new Row(
                        "parent's limit",
                        desk -> desk.openBelow(MAX, MAX).parentLimit(limit, 1).buy(2, 1),
                        rejects),
                new Row(
                        "replace at",
                        desk -> desk.limited(limit, million).buys(9, hundred).replace(10_000, hundred),
                        PASSES),
                new Row(
                        "replace above",
                        desk -> desk.limited(limit, million).buys(9, hundred).replace(10_001, hundred),
                        rejects),
                new Row(
                        "replace, dearer alone",
                        desk -> desk.limited(limit, million)
                                .buys(10_000, hundred)
                                .replace(10_000, hundred + 1),
                        rejects),
                new Row(
                        "replace that lowers",
                        desk -> desk.open(MAX).buys(9, hundred).limit(limit, 1).replace(8, hundred),
                        PASSES),
                new Row(
                        "buy back all",
                        desk -> desk.open(MAX).sold(150).limit(limit, 1).buy(150, hundred),
                        PASSES),
                new Row(
                        "buy back more",
                        desk -> desk.open(MAX).sold(150).limit(limit, 1).buy(151, hundred),
                        rejects),
                new Row(
                        "cancel",
                        desk -> desk.open(MAX).buys(150, 5).limit(limit, 0).cancel(),
                        PASSES),
                new Row(
                        "execution",
                        desk -> desk.open(MAX).buys(150, 5).limit(limit, 0).fill(),
                        PASSES));
    }

    private static List<Row> range() {
        ReasonCode rejects = ReasonCode.AMOUNT_OVERFLOW;
        return List.of(
                new Row("amounts at", desk -> desk.open(MAX).holds(MAX - 5).hold(5), PASSES),
                new Row("amounts above", desk -> desk.open(MAX).holds(MAX - 5).hold(6), rejects),
                new Row(
                        "quantities at",
                        desk -> desk.open(MAX).buysExactly(MAX - 5, 1).buyExactly(5, 1),
                        PASSES),
                new Row(
                        "quantities above",
                        desk -> desk.open(MAX).buysExactly(MAX - 5, 1).buyExactly(6, 1),
                        rejects),
                new Row(
                        "other side's quantities",
                        desk -> desk.open(MAX).buysExactly(MAX - 5, 1).sell(9, 1),
                        PASSES));
    }

    private static List<Row> exposure() {
        ReasonCode rejects = ReasonCode.EXPOSURE_LIMIT;
        return List.of(
                new Row("no cap", desk -> desk.open(1_000).holds(60).hold(31), PASSES),
                new Row("below", desk -> desk.open(1_000).cap(90).holds(60).hold(29), PASSES),
                new Row("at", desk -> desk.open(1_000).cap(90).holds(60).hold(30), PASSES),
                new Row("above", desk -> desk.open(1_000).cap(90).holds(60).hold(31), rejects),
                new Row(
                        "nothing, above a lowered cap",
                        desk -> desk.open(1_000).holds(60).cap(50).hold(0),
                        PASSES),
                new Row(
                        "parent's cap",
                        desk -> desk.openBelow(1_000, 1_000).parentCap(5).hold(6),
                        rejects));
    }

    private static List<Row> available() {
        ReasonCode rejects = ReasonCode.BUDGET_EXHAUSTED;
        return List.of(
                new Row("below", desk -> desk.open(100).holds(60).hold(39), PASSES),
                new Row("at", desk -> desk.open(100).holds(60).hold(40), PASSES),
                new Row("above", desk -> desk.open(100).holds(60).hold(41), rejects),
                new Row("order above", desk -> desk.open(100).holds(60).buy(41, 1), rejects),
                new Row("parent's grant", desk -> desk.openBelow(5, 100).hold(6), rejects));
    }

    /** An account with a parent where a row wants one. Quantities are whole units, prices and amounts micros. */
    static final class Desk {
        private static final long PARENT = 6;
        private static final long ACCOUNT = 7;

        private final Budget budget;
        private final Messages messages = new Messages();
        private final BudgetResult out = new BudgetResult();
        private long nextHold = 1;
        private long lastOrder;

        Desk(Budget budget) {
            this.budget = budget;
        }

        Desk open(long grantedMicros) {
            budget.openAccount(ACCOUNT, grantedMicros, out);
            return this;
        }

        Desk openBelow(long parentGrantedMicros, long grantedMicros) {
            budget.openAccount(PARENT, parentGrantedMicros, out);
            budget.openAccountBelow(ACCOUNT, PARENT, grantedMicros, out);
            return this;
        }

        Desk limited(AccountLimit limit, long value) {
            return open(MAX).limit(limit, value);
        }

        Desk limit(AccountLimit limit, long value) {
            budget.setLimit(ACCOUNT, limit, value, out);
            return this;
        }

        Desk parentLimit(AccountLimit limit, long value) {
            budget.setLimit(PARENT, limit, value, out);
            return this;
        }

        Desk cap(long micros) {
            budget.setCap(ACCOUNT, micros, out);
            return this;
        }

        Desk parentCap(long micros) {
            budget.setCap(PARENT, micros, out);
            return this;
        }

        Desk shows(long units) {
            messages.display(units * UNIT);
            return this;
        }

        Desk holds(long micros) {
            return done(hold(micros));
        }

        Desk buys(long units, long price) {
            return done(buy(units, price));
        }

        Desk buysExactly(long quantity, long price) {
            return done(buyExactly(quantity, price));
        }

        Desk sells(long units, long price) {
            return done(sell(units, price));
        }

        /** Leaves a long position and no open order. */
        Desk bought(long units) {
            return buys(units, 1).filled(units);
        }

        /** Leaves a short position and no open order. */
        Desk sold(long units) {
            return sells(units, 1).filled(units);
        }

        /** Has an order of another instrument cost so much, whatever is available. */
        Desk spend(long micros) {
            long order = nextHold++;
            messages.order(budget, order, ACCOUNT, 99, Side.BUY, UNIT, 1, 0, 0);
            messages.execution(budget, order, 1, ExecutionKind.FILL, UNIT, micros, 0, 0, -1);
            return this;
        }

        /** Has so many reports of which nothing is known, from sequence 1,000,000 on. */
        Desk outstanding(int count) {
            for (int i = 0; i < count; i++) {
                unknownFill(ACCOUNT, 1_000_000 + i);
            }
            return this;
        }

        Desk parentOutstanding() {
            unknownFill(PARENT, 1_000_000);
            return this;
        }

        /** A person drops the first ones of them. */
        Desk dropped(int count) {
            for (int i = 0; i < count; i++) {
                done(messages.drop(budget, ACCOUNT, 1_000_000 + i).reason());
            }
            return this;
        }

        private void unknownFill(long account, long sequence) {
            messages.at(sequence, 0).naming(new Messages.Named(account, 1, Positions.BUY));
            messages.execution(budget, sequence, 1, ExecutionKind.FILL, UNIT, 1, 0, 0, -1);
        }

        ReasonCode hold(long micros) {
            return messages.hold(budget, nextHold++, ACCOUNT, micros, 0, 0, -1).reason();
        }

        ReasonCode buy(long units, long price) {
            return buyExactly(units * UNIT, price);
        }

        ReasonCode buyExactly(long quantity, long price) {
            return order(Side.BUY, quantity, price);
        }

        ReasonCode sell(long units, long price) {
            return order(Side.SELL, units * UNIT, price);
        }

        ReasonCode replace(long units, long price) {
            return messages.replace(budget, lastOrder, units * UNIT, price).reason();
        }

        ReasonCode cancel() {
            return messages.cancel(budget, lastOrder).reason();
        }

        ReasonCode fill() {
            return messages.execution(budget, lastOrder, 1, ExecutionKind.FILL, UNIT, 1, 0, UNIT, -1)
                    .reason();
        }

        private Desk filled(long units) {
            return done(messages.execution(budget, lastOrder, 1, ExecutionKind.FILL, units * UNIT, 1, 0, 0, -1)
                    .reason());
        }

        private ReasonCode order(Side side, long quantity, long price) {
            lastOrder = nextHold++;
            return messages.order(budget, lastOrder, ACCOUNT, 1, side, quantity, price, 0, 0)
                    .reason();
        }

        private Desk done(ReasonCode reason) {
            if (reason != ReasonCode.NONE) {
                throw new AssertionError("the desk must get ready: reason=" + reason);
            }
            return this;
        }
    }
}
