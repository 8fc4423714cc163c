#!/usr/bin/env python3
"""What each account must show after a run over an order file, worked out from the file alone.

Reads the raw order events (csv, .gz or .bz2) and what was rejected, and prints per account open orders, reserved, committed
and positions. Shares no code with the engine. Needs Python 3.8 or later, nothing else.

The rules, one order at a time (money in micros, quantity in 1e-8, products rounded up to a whole micro):
  account     the (splitmix64(order id) mod n)-th of the accounts given, counted from 0
  created     opens the order unless rejected; without volume or price, or for an id created before in the round: passed over
  changed     a fall in volume trades at the order's price; then another price, or a rise, replaces the terms unless rejected
  deleted     a fall in volume trades at the order's price; the rest is released. changed to volume 0 is the same
  committed   sum over trades of ceil(quantity x price)
  reserved    sum over open orders of ceil(open quantity x price), plus the cost of the candidate that acted
  positions   of the one instrument, 0: bought less sold, and what open buys and open sells may still trade; none where all is 0

  check_budgets.py orders.csv.bz2                                    everything was admitted, at no cost
  check_budgets.py orders.csv.bz2 --rejected ids.txt                 one external id a line; "ID/2": its second replace
  check_budgets.py orders.csv.bz2 --records inspect.jsonl --fees policy.json --status status.json

--records takes what `ringfence inspect --json` printed, --fees what `ringfence policy show --json` printed, --status what
`ringfence status --json` printed: then the accounts are compared, and a difference is exit 1.

A file that is shorter than the run is played again in rounds, as demo and load do. How many orders were asked for is taken from
--orders, else from the records, else from the decisions that status counts; with none of these the file is played once. A run that
ended by --duration or a signal may have stopped between two orders: give its `events` (demo --json, load --json) as --events.
"""
import argparse
import bz2
import csv
import gzip
import json
import sys
from collections import Counter, defaultdict

MASK = (1 << 64) - 1
ONE = 10**8
MICROS = 10**6
AMOUNTS = ("open_orders", "reserved_micros", "committed_micros")
FIELDS = AMOUNTS + ("positions",)
INSTRUMENT = 0  # All orders of a file are of one instrument.


def splitmix64(value):
    z = (value + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def micros(text):
    whole, _, part = text.partition(".")
    return int(whole) * MICROS + int((part + "000000")[:6])


def ceil_div(dividend, divisor):
    return -(-dividend // divisor)


def value(quantity, price):
    return ceil_div(quantity * price, ONE)


def base36(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def external_id(order_id, round_number):
    """As demo and load name an order: its id and the round, with the id shortened where 20 characters are too few."""
    name = "%d-%d" % (order_id, round_number)
    return name if len(name) <= 20 else "x%s-%d" % (base36(order_id), round_number)


def opened(path):
    if path.endswith(".bz2"):
        return bz2.open(path, "rt", encoding="utf-8", newline="")
    if path.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return open(path, encoding="utf-8", newline="")


class Verdicts:
    """Who was rejected, and what the candidates that acted cost."""

    def __init__(self):
        self.rejected = set()
        self.acted = {}
        self.fees = {}

    def read_list(self, path):
        with open(path, encoding="utf-8") as lines:
            self.rejected.update(line.strip() for line in lines if line.strip())

    def read_records(self, path):
        external_ids, replaces = {}, Counter()
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                kind = str(record.get("kind", "")).upper()
                is_rejected = str(record.get("action", "")).upper() not in ("EXECUTE", "SUBSTITUTE")
                if kind == "ORDER":
                    name = record["external_id"]
                    external_ids[record["sequence"]] = name
                    self.acted[name] = record.get("acted_candidate_id", 0)
                elif kind == "REPLACE":
                    name = external_ids[record["hold_id"]]
                    replaces[name] += 1
                    name = "%s/%d" % (name, replaces[name])
                else:
                    continue
                if is_rejected:
                    self.rejected.add(name)

    def read_fees(self, path):
        with open(path, encoding="utf-8") as text:
            for candidate in json.load(text)["candidates"]:
                self.fees[candidate["id"]] = (
                    candidate["input_price_micros_per_million"],
                    candidate["output_price_micros_per_million"],
                )

    def cost(self, name, notional):
        """Units in: notional in whole currency units, rounded up. Units out: one order."""
        per_unit, per_order = self.fees.get(self.acted.get(name), (0, 0))
        units = min(ceil_div(notional, MICROS), 2**32 - 2)
        return ceil_div(units * per_unit, MICROS) + ceil_div(per_order, MICROS)


class Order:
    def __init__(self, name, account, side, price, quantity, cost):
        self.name, self.account, self.side, self.cost = name, account, side, cost
        self.price, self.quantity = price, quantity
        self.book_price, self.book_volume = price, quantity
        self.replaces = 0

    def held(self):
        return value(self.quantity, self.price) + self.cost


class Run:
    def __init__(self, accounts, verdicts):
        self.accounts, self.verdicts = accounts, verdicts
        self.committed, self.position = defaultdict(int), defaultdict(int)
        self.left_open = []
        self.orders, self.created = {}, set()
        self.round, self.asked, self.events = 1, 0, 0

    def next_round(self):
        self.left_open += self.orders.values()
        self.orders, self.created = {}, set()
        self.round += 1

    def create(self, order_id, price, volume, side):
        if order_id in self.created:
            return
        self.created.add(order_id)
        if volume == 0 or price == 0:
            return
        self.asked += 1
        name = external_id(order_id, self.round)
        if name not in self.verdicts.rejected:
            account = self.accounts[splitmix64(order_id) % len(self.accounts)]
            cost = self.verdicts.cost(name, value(volume, price))
            self.orders[order_id] = Order(name, account, side, price, volume, cost)

    def change(self, order_id, price, volume, is_deleted):
        order = self.orders.get(order_id)
        if order is None:
            return
        fall = max(0, order.book_volume - volume)
        is_end = is_deleted or volume == 0
        is_replace = not is_end and (price != order.book_price or volume > order.book_volume)
        order.book_price, order.book_volume = price, volume
        traded = min(fall, order.quantity)
        order.quantity -= traded
        self.committed[order.account] += value(traded, order.price)
        self.position[order.account] += traded * order.side
        if is_end or order.quantity == 0:
            del self.orders[order_id]
        elif is_replace:
            order.replaces += 1
            if "%s/%d" % (order.name, order.replaces) not in self.verdicts.rejected:
                order.price, order.quantity = price, volume

    def totals(self):
        rows = {account: dict.fromkeys(AMOUNTS, 0) for account in self.accounts}
        for order in self.left_open + list(self.orders.values()):
            rows[order.account]["open_orders"] += 1
            rows[order.account]["reserved_micros"] += order.held()
        for account in self.accounts:
            rows[account]["committed_micros"] = self.committed[account]
            figures = {"position": self.position[account], "open_buys": 0, "open_sells": 0}
            for order in self.left_open + list(self.orders.values()):
                if order.account == account:
                    figures["open_buys" if order.side > 0 else "open_sells"] += order.quantity
            rows[account]["positions"] = [{"instrument_id": INSTRUMENT, **figures}] if any(figures.values()) else []
        return rows


def play(path, run, options):
    """Plays the file, again and again if a limit asks for more than it has."""
    while True:
        with opened(path) as text:
            for row in csv.DictReader(text):
                order_id, volume, price = int(row["id"]), int(row["volume"]), micros(row["price"])
                is_created = row["action"] == "created"
                if options.events and run.events >= options.events:
                    return
                if options.orders and run.asked >= options.orders and is_created:
                    return
                run.events += 1
                if is_created:
                    run.create(order_id, price, volume, 1 if row["direction"] == "bid" else -1)
                else:
                    run.change(order_id, price, volume, row["action"] == "deleted")
        is_short = (options.events and run.events < options.events) or (options.orders and run.asked < options.orders)
        if not is_short:
            return
        run.next_round()


def orders_asked(options, verdicts, status):
    """How many orders the run asked for; 0: not known. Says where it has the number from."""
    if options.orders or options.events:
        return options.orders
    told = [(len(verdicts.acted), "--records"), ((status or {}).get("decisions", 0), "--status")]
    for count, source in told:
        if count:
            print("playing %d orders, as %s has" % (count, source), file=sys.stderr)
            return count
    return 0


def compare(rows, status):
    shown = {row.get("account_id", row.get("id")): row for row in status["accounts"]}
    differences = []
    for account, row in rows.items():
        for field in FIELDS:
            found = shown.get(account, {}).get(field)
            if found != row[field]:
                differences.append("account %d: %s: expected %s, status says %s" % (account, field, row[field], found))
    return differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("orders_file")
    parser.add_argument("--accounts", default="1,2,3,4", help="ids of the accounts for orders (default 1,2,3,4)")
    parser.add_argument("--rejected", help="external ids, one a line")
    parser.add_argument("--records", help="output of inspect --json")
    parser.add_argument("--fees", help="output of policy show --json")
    parser.add_argument("--status", help="output of status --json to compare with")
    parser.add_argument("--orders", type=int, default=0, help="stop before the order after this many were asked for")
    parser.add_argument("--events", type=int, default=0, help="stop after this many events of the file")
    options = parser.parse_args()
    verdicts = Verdicts()
    if options.rejected:
        verdicts.read_list(options.rejected)
    if options.records:
        verdicts.read_records(options.records)
    if options.fees:
        verdicts.read_fees(options.fees)
    status = None
    if options.status:
        with open(options.status, encoding="utf-8") as text:
            status = json.load(text)
    options.orders = orders_asked(options, verdicts, status)
    run = Run([int(account) for account in options.accounts.split(",")], verdicts)
    play(options.orders_file, run, options)
    rows = run.totals()
    print(json.dumps({"orders": run.asked, "events": run.events,
                      "accounts": [dict(account_id=account, **row) for account, row in rows.items()]}))
    differences = compare(rows, status) if status else []
    for difference in differences:
        print(difference, file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
