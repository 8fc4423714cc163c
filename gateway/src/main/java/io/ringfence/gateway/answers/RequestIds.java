package io.ringfence.gateway.answers;

import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.MutableLong;

/** The highest request id of each principal, so that a client that logs on knows where to go on. */
public final class RequestIds {
    private final Int2ObjectHashMap<MutableLong> highest = new Int2ObjectHashMap<>();

    /** Notes a request id. Allocates for the first one of a principal only. */
    public void seen(int principalId, long clientRequestId) {
        MutableLong known = highest.get(principalId);
        if (known == null) {
            highest.put(principalId, new MutableLong(clientRequestId));
        } else if (clientRequestId > known.get()) {
            known.set(clientRequestId);
        }
    }

    /** The highest one noted; 0 for none. */
    public long highest(int principalId) {
        MutableLong known = highest.get(principalId);
        return known == null ? 0 : known.get();
    }
}
