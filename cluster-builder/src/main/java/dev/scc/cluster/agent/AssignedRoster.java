package dev.scc.cluster.agent;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Roster;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import java.util.Optional;

/**
 * The roster that a node's assignment names. The last one is remembered: rosters are never changed, unless the servers have got
 * older data. One thread reads; doubts may come from any.
 */
final class AssignedRoster {
    private final Tree tree;
    private final TreeTexts texts;
    private final Remembered<Known> known = new Remembered<>();

    private record Known(Entry assignment, Roster roster) {}

    AssignedRoster(Tree tree, TreeTexts texts) {
        this.tree = tree;
        this.texts = texts;
    }

    /** It is read anew next time. */
    void doubt() {
        known.forget();
    }

    /** Empty if it is not there. */
    Optional<Roster> read(Entry assignment, Assignment.Serve serve) throws ConnectionLost, InterruptedException {
        Optional<Known> last =
                known.or(Optional::empty).filter(one -> one.assignment().equals(assignment));
        if (last.isEmpty()) {
            int doubts = known.forget();
            last = tree.get(Paths.roster(serve.cluster(), serve.revision()))
                    .map(roster -> new Known(assignment, texts.roster(roster.text())));
            last.ifPresent(read -> known.remember(doubts, read));
        }
        return last.map(Known::roster);
    }
}
