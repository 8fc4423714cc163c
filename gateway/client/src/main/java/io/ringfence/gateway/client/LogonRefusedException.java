package io.ringfence.gateway.client;

import io.ringfence.schemas.ReasonCode;
import java.io.IOException;

/** The gateway refused the logon. */
public final class LogonRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ReasonCode reason;

    LogonRefusedException(int principalId, ReasonCode reason) {
        super("log on refused: principalId=" + principalId + ", reason=" + reason);
        this.reason = reason;
    }

    /** The gateway's reason. */
    public ReasonCode reason() {
        return reason;
    }
}
