package dev.scc.cluster.agent;

import dev.scc.cluster.Assignment;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an agent says of its node: one entry of the tree, which nobody else writes. */
final class StatusEntry {
    private static final Logger log = LoggerFactory.getLogger(StatusEntry.class);

    private final Tree tree;
    private final NodeName node;
    private final TreeTexts texts;
    private final Enrolment enrolment;
    /** What stands there, as long as nothing casts doubt on it. */
    private final Remembered<Written> last = new Remembered<>();

    StatusEntry(Tree tree, NodeName node, TreeTexts texts, Enrolment enrolment) {
        this.tree = tree;
        this.node = node;
        this.texts = texts;
        this.enrolment = enrolment;
    }

    /**
     * What stands there.
     *
     * @param status empty if nobody understands it: the next thing that is said takes its place
     */
    record Written(Optional<NodeStatus> status, int version) {
        static Written of(Entry entry) {
            try {
                return new Written(Optional.of(entry.read(NodeStatus.class)), entry.version());
            } catch (IllegalArgumentException e) {
                return new Written(Optional.empty(), entry.version());
            }
        }
    }

    /**
     * What the node has said so far.
     *
     * @param last of whatever assignment; empty if it never said anything
     * @param answer to the assignment in question; empty if that is not answered yet
     */
    record Said(Optional<Written> last, Optional<NodeStatus.State> answer) {}

    /** What was written may not stand there any more. Safe for use by any thread. */
    void doubt() {
        last.forget();
    }

    /** What the node has said, seen from this assignment: one that frees it says which proof that it is clean will do. */
    Said about(Entry assignment) throws ConnectionLost, InterruptedException {
        Optional<Written> written = last.or(() -> tree.get(Paths.status(node)).map(Written::of));
        Optional<NodeStatus.State> answer = written.flatMap(Written::status)
                .filter(status -> status.assignment() == assignment.version()
                        || (texts.assignment(assignment.text()) instanceof Assignment.Free free
                                && free.shownBy(status)))
                .map(NodeStatus::state);
        return new Said(written, answer);
    }

    /** Says once why nothing is done about an assignment. */
    void refuse(Said before, Entry assignment, NodeStatus.StepFailed why) throws ConnectionLost, InterruptedException {
        if (!before.answer().equals(Optional.of(why))) {
            say(before, new NodeStatus(assignment.version(), why, List.of()));
        }
    }

    /** Returns whether it stands there now. */
    boolean say(Said before, NodeStatus status) throws ConnectionLost, InterruptedException {
        String path = Paths.status(node);
        String text = Json.write(status);
        Op op = before.last()
                .<Op>map(written -> new Op.Set(path, text, written.version()))
                .orElseGet(() -> new Op.Create(path, text));
        // What was read may be old: of what came since nothing is said yet. And where the servers have started anew
        // with older
        // data, the same number will be that of another assignment.
        Op current = new Op.Check(Paths.assign(node), status.assignment());
        List<Op> ops = List.of(current, enrolment.unchanged(), op);
        int doubts = last.forget();
        try {
            tree.commit(ops);
            int version = before.last().map(written -> written.version() + 1).orElse(0);
            last.remember(doubts, new Written(Optional.of(status), version));
            return true;
        } catch (Conflict e) {
            // Nobody else writes here, so it is this agent's own earlier write whose reply was lost, or the assignment
            // is another one; the next pass reads it.
            log.atDebug().addKeyValue("why", e.getMessage()).log("looking again");
            return false;
        }
    }
}
