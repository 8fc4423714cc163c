package io.ringfence.engine.command;

/** Which stages act, a bit for each stage's index in ring order. */
interface Stages {
    int INTAKE = 1;
    int BANDIT = 1 << 2;
    int KERNEL = 1 << 3;
    int PROOF = 1 << 4;
    int SELECTION = 1 << 5;
    int BUDGET = 1 << 6;
    int JOURNAL = 1 << 7;
    int ALL = 0xFF;
    int INTAKE_ONLY = INTAKE | BUDGET | JOURNAL; // The budget stage writes every command's verdict.
    int BOOKED = INTAKE_ONLY;
    int OWN = INTAKE_ONLY; // Of most commands that the engine gives itself.
    int LEARNT = INTAKE_ONLY | BANDIT | SELECTION;
    int ACTIVATED = INTAKE_ONLY | BANDIT | KERNEL | PROOF;
}
