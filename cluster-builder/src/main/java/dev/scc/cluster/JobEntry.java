package dev.scc.cluster;

import dev.scc.host.Bounds;
import dev.scc.host.NodeName;
import java.util.regex.Pattern;

/**
 * What the tree says of a job that is not over. Everything else about it is kept by its lead.
 *
 * @param job its id
 * @param owner who asked for it
 * @param lead the node that runs it, whose agent writes this
 * @param state a word such as {@code Running}
 * @param ranks how many; 0 until its plan is made
 * @param submitted when it was asked for, in milliseconds since 1970
 */
public record JobEntry(
        String job,
        ClusterName cluster,
        String owner,
        NodeName lead,
        String state,
        int ranks,
        int attempt,
        long submitted) {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,47}");
    private static final Pattern WORD = Pattern.compile("[A-Z][a-z]{2,15}");
    private static final int LONGEST_OWNER = 100;
    private static final int MOST_RANKS = 1_000_000;
    private static final int MOST_ATTEMPTS = 1_000;

    public JobEntry {
        Bounds.atMost("owner", owner, LONGEST_OWNER);
        Bounds.within("ranks", ranks, 0, MOST_RANKS);
        Bounds.within("attempt", attempt, 1, MOST_ATTEMPTS);
        if (!ID.matcher(job).matches()) {
            throw new IllegalArgumentException("job \"" + Bounds.cut(job, LONGEST_OWNER) + "\" is no id of a job");
        }
        if (!WORD.matcher(state).matches()) {
            throw new IllegalArgumentException(
                    "state \"" + Bounds.cut(state, LONGEST_OWNER) + "\" is no state of a job");
        }
    }
}
