package dev.scc.cluster.server;

import dev.scc.cluster.zk.Ensemble;
import dev.scc.cluster.zk.EnsembleDoor;
import dev.scc.cluster.zk.EnsembleMember;
import java.net.InetSocketAddress;
import java.util.List;

/** Who keeps the tree that a server works on. */
public sealed interface TreeHome {

    /** A ZooKeeper in this server alone. */
    record Single(InetSocketAddress bind) implements TreeHome {}

    /** A ZooKeeper in this server, which is one of an ensemble. */
    record Member(Ensemble ensemble, String name) implements TreeHome {
        /** @throws IllegalArgumentException if there is no member of that name */
        public Member {
            ensemble.member(name);
        }
    }

    /**
     * A ZooKeeper that is there already: whomever it lets in may do everything.
     *
     * @param hosts {@code host:port} with commas between them
     */
    record External(String hosts, EnsembleDoor door) implements TreeHome {}

    /** How its ensemble is reached. */
    default EnsembleDoor door() {
        return switch (this) {
            case External(String _, EnsembleDoor door) -> door;
            case Single _, Member _ -> new EnsembleDoor.Own();
        };
    }

    /** The names of all servers of its ensemble; empty if scc's servers are none. */
    default List<String> peers() {
        return switch (this) {
            case Member(Ensemble ensemble, String _) ->
                ensemble.members().stream().map(EnsembleMember::name).toList();
            case Single _, External _ -> List.of();
        };
    }
}
