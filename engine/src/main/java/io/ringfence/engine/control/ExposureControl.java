package io.ringfence.engine.control;

/** Keeps what is reserved at one time at the cap. Asking for nothing passes a cap that was lowered below that. */
final class ExposureControl extends Control {
    ExposureControl() {
        super(ControlCode.EXPOSURE, false);
    }

    @Override
    protected boolean passes(ControlContext asked, AccountView accounts, int slot) {
        long cap = accounts.capMicros(slot);
        long amount = asked.askedMicros();
        return cap <= 0 || amount == 0 || amount <= cap - accounts.reservedMicros(slot);
    }

    @Override
    protected void explain(ControlContext asked, AccountView accounts, int slot, ControlFailure failure) {
        long cap = accounts.capMicros(slot);
        long reserved = accounts.reservedMicros(slot);
        failure.set(accounts.id(slot), cap, sum(reserved, asked.askedMicros()), asked.askedMicros(), cap - reserved);
    }
}
