package dev.scc.job.pmix;

import dev.scc.cluster.rpc.Bytes;
import java.util.List;

/**
 * What a server is to read.
 *
 * @param pieces one after the other
 * @param sent to be called when it has them, or nobody will send them any more
 */
public record PmixDelivery(List<Bytes> pieces, Runnable sent) {
    public PmixDelivery {
        pieces = List.copyOf(pieces);
    }

    static PmixDelivery of(byte[] frame) {
        return new PmixDelivery(List.of(Bytes.of(frame)), () -> {});
    }
}
