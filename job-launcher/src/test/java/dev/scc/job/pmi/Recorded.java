package dev.scc.job.pmi;

import java.util.List;

/** What a server in a test tells about its ranks. */
record Recorded(List<PmiServer.Abort> aborts, List<Integer> arrived) implements PmiServer.Listener {
    @Override
    public void arrived(int rank) {
        arrived.add(rank);
    }

    @Override
    public void aborted(PmiServer.Abort abort) {
        aborts.add(abort);
    }
}
