package io.ringfence.engine.command;

/** What the gateway and the stages must know of a type of command, a bit each; the bits above are of {@link Sender}. */
interface Trait {
    int OF_CLIENT = 1;
    int OF_OPERATOR = 1 << 1;
    int REQUEST = 1 << 2;
    int NEW_RISK = 1 << 3;
    int ON_HOLD = 1 << 4;
    int STAMPED = 1 << 5;
    int TEXT = 1 << 6;
    int KEPT_ROOM = 1 << 7;
    int NOT_ACTED_ON = 1 << 8;
    int GROUP = 1 << 9;
    int OF_PERSON = OF_CLIENT | OF_OPERATOR | TEXT | KEPT_ROOM;
}
