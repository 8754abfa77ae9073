package dev.scc.cluster.agent;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.NodeName;
import java.util.Optional;

/**
 * The roster that a node's assignment names. The last one is remembered: rosters are never changed, unless the servers have got
 * older data. One thread reads; doubts may come from any.
 */
final class AssignedRoster {
    private final Tree tree;
    private final NodeName node;
    private final TreeTexts texts;
    private final Remembered<Known> known = new Remembered<>();

    private record Known(Entry assignment, Roster roster) {}

    AssignedRoster(Tree tree, NodeName node, TreeTexts texts) {
        this.tree = tree;
        this.node = node;
        this.texts = texts;
    }

    /** It is read anew next time. */
    void doubt() {
        known.forget();
    }

    /**
     * Empty if it is not there.
     *
     * @throws IllegalArgumentException if what is there is anything else
     */
    Optional<Roster> read(Entry assignment, Assignment.Serve serve) throws ConnectionLost, InterruptedException {
        Optional<Known> last =
                known.or(Optional::empty).filter(one -> one.assignment().equals(assignment));
        if (last.isEmpty()) {
            int doubts = known.forget();
            last = tree.get(Paths.roster(serve.cluster(), serve.revision()))
                    .map(roster -> new Known(assignment, checked(texts.roster(roster.text()), serve)));
            last.ifPresent(read -> known.remember(doubts, read));
        }
        return last.map(Known::roster);
    }

    private Roster checked(Roster roster, Assignment.Serve serve) {
        if (!roster.cluster().equals(serve.cluster()) || roster.revision() != serve.revision()) {
            throw new IllegalArgumentException("the roster of " + serve.cluster() + ", revision " + serve.revision()
                    + ", says that it is of " + roster.cluster() + ", revision " + roster.revision());
        }
        roster.member(node);
        return roster;
    }
}
