package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who may do what to which entry: {@link TreeEntry} as a decision. Servers may do everything, since which of them controls
 * changes at any time; a node what the table says of it; nobody else anything.
 */
public final class TreeAccess {
    private TreeAccess() {}

    /**
     * Whether he may.
     *
     * @param texts what stands at a path at this moment: a node that has left a cluster is a stranger to it as soon as its
     *     assignment says so
     */
    public static boolean permits(
            Principal who, TreeAction action, String path, Function<String, Optional<String>> texts) {
        return switch (who.role()) {
            case SERVER -> true;
            case NODE ->
                TreeEntry.at(path)
                        .filter(entry -> permits(entry, who.name(), action, path, texts))
                        .isPresent();
            case KEEPER, ADMIN, OPERATOR, USER, VIEWER -> false;
        };
    }

    private static boolean permits(
            TreeEntry entry, String node, TreeAction action, String path, Function<String, Optional<String>> texts) {
        boolean own = entry.owner(path).equals(Optional.of(node));
        return switch (action) {
            case READ -> (own && entry.writer() == TreeRole.AGENT) || reads(entry, own, node, path, texts);
            case CREATE, WRITE -> own && entry.writtenBy(TreeRole.AGENT);
            case DELETE -> own && entry.removedBy(TreeRole.AGENT);
            case SET_ACCESS -> false;
        };
    }

    private static boolean reads(
            TreeEntry entry, boolean own, String node, String path, Function<String, Optional<String>> texts) {
        return switch (entry.readers()) {
            case SERVERS -> false;
            case OWN -> own;
            case MEMBERS -> serves(node, entry.named(path), texts);
            case AGENTS -> true;
        };
    }

    private static boolean serves(String node, String cluster, Function<String, Optional<String>> texts) {
        return texts.apply(Paths.assign(new NodeName(node)))
                .filter(text -> serves(text, cluster))
                .isPresent();
    }

    private static boolean serves(String assignment, String cluster) {
        try {
            return Json.read(assignment, Assignment.class) instanceof Assignment.Serve serve
                    && serve.cluster().value().equals(cluster);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
