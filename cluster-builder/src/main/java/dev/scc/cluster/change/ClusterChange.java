package dev.scc.cluster.change;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.world.Held;

/** A change of a cluster's record or rosters. */
public sealed interface ClusterChange extends Change {

    ClusterName cluster();

    /** There is a cluster of this name from now on. */
    record Begin(ClusterRecord.Creating first) implements ClusterChange {
        @Override
        public ClusterName cluster() {
            return first.name();
        }
    }

    /** Another record replaces the stored one, if that has not changed. */
    record Save(Held<ClusterRecord> stored, ClusterRecord next) implements ClusterChange {
        @Override
        public ClusterName cluster() {
            return next.name();
        }
    }

    /** A revision that nodes can be told to serve. */
    record PublishRoster(Roster roster) implements ClusterChange {
        @Override
        public ClusterName cluster() {
            return roster.cluster();
        }
    }

    /** A revision that no agent is on its way to any more. */
    record RetireRoster(ClusterName cluster, int revision) implements ClusterChange {}

    /** There is no cluster of this name any more, and no roster of it. */
    record Remove(Held<ClusterRecord.Leaving> stored) implements ClusterChange {
        @Override
        public ClusterName cluster() {
            return stored.value().name();
        }
    }
}
