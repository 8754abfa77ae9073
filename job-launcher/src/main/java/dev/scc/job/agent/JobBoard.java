package dev.scc.job.agent;

import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.job.Tasks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that a node leads, as the tree shows them: an entry for each that is not over, which goes with the agent's session.
 * What is said of them is always said of all, so that whatever went wrong before is put right by what is said next. Safe for
 * use by several threads.
 */
public final class JobBoard {
    private static final Logger log = LoggerFactory.getLogger(JobBoard.class);

    /** What an entry has, if it is there, about which nobody has been told. */
    private static final String UNKNOWN = "";

    private final Tree tree;
    private final NodeName node;
    /** What this agent has put there in that session, by path. */
    private final Map<String, String> there = new HashMap<>();

    private final Tasks.Lock turn;
    private long session;

    public JobBoard(Tree tree, NodeName node) {
        this(tree, node, Tasks.ofThreads());
    }

    /** @param tasks how those wait who come at the same time */
    public JobBoard(Tree tree, NodeName node, Tasks tasks) {
        turn = tasks.lock();
        this.tree = tree;
        this.node = node;
    }

    /** These jobs are not over, and no others are. */
    public void show(List<JobEntry> jobs) throws ConnectionLost, InterruptedException {
        turn.take();
        try {
            put(jobs);
        } finally {
            turn.giveBack();
        }
    }

    private void put(List<JobEntry> jobs) throws ConnectionLost, InterruptedException {
        // Whatever is read: before the first answer there is no session that could be asked for.
        tree.get(Paths.assign(node));
        long now = tree.session();
        if (now != session) {
            there.clear();
            session = now;
        }
        Map<String, String> wanted = new HashMap<>();
        jobs.forEach(job -> wanted.put(Paths.job(job.lead(), job.job()), Json.write(job)));
        for (String path : List.copyOf(there.keySet())) {
            if (!wanted.containsKey(path)) {
                // Where that does not fit, there is none.
                commit(List.of(new Op.Delete(path, Op.ANY)));
                there.remove(path);
            }
        }
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            if (!entry.getValue().equals(there.get(entry.getKey()))) {
                write(entry.getKey(), entry.getValue());
            }
        }
    }

    private void write(String path, String text) throws ConnectionLost, InterruptedException {
        // Beforehand: if the answer is lost, it may be there, and is not to outlive its job.
        String before = there.put(path, UNKNOWN);
        // Where that is not known, what is there may be of a session that is about to end, and would go with it.
        boolean ours = before != null && !before.equals(UNKNOWN);
        boolean written = ours
                ? commit(List.of(new Op.Set(path, text, Op.ANY)))
                : commit(List.of(new Op.CreateEphemeral(path, text)))
                        // Of this agent before a restart, whose session has not ended yet.
                        || commit(List.of(new Op.Delete(path, Op.ANY), new Op.CreateEphemeral(path, text)));
        if (written) {
            there.put(path, text);
        } else {
            there.remove(path);
        }
    }

    private boolean commit(List<Op> ops) throws ConnectionLost, InterruptedException {
        try {
            tree.commit(ops);
            return true;
        } catch (Conflict e) {
            log.atDebug().addKeyValue("why", e.getMessage()).log("looking again when jobs are told of next");
            return false;
        }
    }
}
