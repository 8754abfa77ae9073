package dev.scc.bench;

import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;

/**
 * How long the texts are that scc writes for one cluster, in bytes, so that another writes as many.
 *
 * @param assignment one node's
 * @param status one node's
 * @param rest of a transaction: outcome, pools and event together
 */
record Sizes(int request, int roster, int record, int assignment, int status, int rest) {

    /** Of what stands in the tree for a cluster that was created by that request. */
    static Sizes of(Tree tree, String cluster, String request, String node)
            throws ConnectionLost, InterruptedException {
        String lastEvent = tree.children("/scc/events").getLast();
        return new Sizes(
                length(tree, "/scc/requests/" + request),
                length(tree, "/scc/rosters/" + cluster + "/1"),
                length(tree, "/scc/clusters/" + cluster),
                length(tree, "/scc/assign/" + node),
                length(tree, "/scc/status/" + node),
                length(tree, "/scc/requests/" + request + "/outcome")
                        + length(tree, "/scc/pools")
                        + length(tree, "/scc/events/" + lastEvent));
    }

    private static int length(Tree tree, String path) throws ConnectionLost, InterruptedException {
        return tree.get(path).orElseThrow().text().length();
    }

    /** A text of that length that begins with the word. */
    static String text(String word, int length) {
        return word + " ".repeat(Math.max(0, length - word.length()));
    }
}
