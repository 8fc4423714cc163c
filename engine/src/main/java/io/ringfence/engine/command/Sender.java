package io.ringfence.engine.command;

import io.ringfence.schemas.Role;

/** The roles that may send a command: traits of its type, a bit each above the others. */
interface Sender {
    int SHIFT = 16;
    int TRADER = 1 << SHIFT + Role.TRADER.value();
    int REPORTER = 1 << SHIFT + Role.REPORTER.value();
    int RISK = 1 << SHIFT + Role.RISK.value();
    int OPERATOR = 1 << SHIFT + Role.OPERATOR.value();
    int ASKING = TRADER;
    int REPORTING = TRADER | REPORTER;
    int PERSON = RISK | OPERATOR;
}
