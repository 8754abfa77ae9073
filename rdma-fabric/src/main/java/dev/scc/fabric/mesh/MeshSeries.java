package dev.scc.fabric.mesh;

import dev.scc.host.NodeName;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What one member's probes of another have come to, the latest of them one by one. Not thread-safe. */
public final class MeshSeries {
    /** So many are kept one by one. */
    public static final int KEPT = 240;

    /** After so many in a row that were lost, the way there counts as broken: one may meet a port that is just busy. */
    static final int BROKEN = 3;

    private final NodeName peer;
    private final ArrayDeque<MeshSample> latest = new ArrayDeque<>();
    private long probes;
    private long lost;
    private int inARow;
    private long lostSince;

    public MeshSeries(NodeName peer) {
        this.peer = peer;
    }

    /** Adds the newest. */
    public void add(MeshSample sample) {
        latest.addLast(sample);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
        switch (sample) {
            case MeshSample.Answered _ -> {
                probes++;
                inARow = 0;
            }
            case MeshSample.Lost _ -> {
                probes++;
                lost++;
                if (inARow == 0) {
                    lostSince = sample.at();
                }
                inARow++;
            }
            case MeshSample.TurnedAway _ -> {
                // Somebody is there, so the way is not broken; how long it takes is not known.
                inARow = 0;
            }
        }
    }

    /** When the first of those was that are lost in a row, if the way counts as broken. */
    public OptionalLong brokenSince() {
        return inARow >= BROKEN ? OptionalLong.of(lostSince) : OptionalLong.empty();
    }

    /**
     * What there is at this moment.
     *
     * @param most of the latest samples
     */
    public MeshPeer now(int most) {
        int skipped = Math.max(0, latest.size() - most);
        List<MeshSample> samples = latest.stream().skip(skipped).toList();
        Optional<Long> since =
                brokenSince().isPresent() ? Optional.of(brokenSince().getAsLong()) : Optional.empty();
        return new MeshPeer(peer, probes, lost, since, samples);
    }
}
