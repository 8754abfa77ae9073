package dev.scc.cluster.zk;

import dev.scc.cluster.TreeAccess;
import dev.scc.cluster.TreeAction;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.auth.ServerAuthenticationProvider;

/**
 * Decides what sessions may do, in ZooKeeper's own words the matching half of an authentication provider: each entry bears the
 * same access list, which means {@link TreeAccess}. Thread-safe.
 */
public final class TreeGuard extends ServerAuthenticationProvider {
    /** The expression in each access list. */
    static final String TABLE = "table";

    private final NodeQuotas quotas = new NodeQuotas(System::nanoTime);

    @Override
    public String getScheme() {
        return Guarded.SCHEME;
    }

    /** Nobody says in words who he is. */
    @Override
    public KeeperException.Code handleAuthentication(ServerObjs server, byte[] data) {
        return KeeperException.Code.AUTHFAILED;
    }

    @Override
    public boolean matches(ServerObjs server, MatchValues values) {
        Optional<TreeAction> action = action(values.getPerm());
        return values.getAclExpr().equals(TABLE)
                && action.isPresent()
                && Principal.parse(values.getId())
                        .filter(who ->
                                TreeAccess.permits(who, action.get(), values.getPath(), path -> text(server, path)))
                        .filter(who -> action.get() != TreeAction.CREATE || hasRoom(server, who, values.getPath()))
                        .isPresent();
    }

    private boolean hasRoom(ServerObjs server, Principal who, String path) {
        Optional<TreeEntry> kind = TreeEntry.at(path).filter(each -> each.mostOfOneNode() > 1);
        if (who.role() != Role.NODE || kind.isEmpty()) {
            return true;
        }
        int end = path.lastIndexOf('/');
        DataNode folder = server.getZks().getZKDatabase().getNode(path.substring(0, end));
        return folder != null && quotas.permits(kind.get(), who.name(), path.substring(end + 1), names(folder));
    }

    private static Set<String> names(DataNode folder) {
        synchronized (folder) {
            return Set.copyOf(folder.getChildren());
        }
    }

    private static Optional<TreeAction> action(int permission) {
        return switch (permission) {
            case ZooDefs.Perms.READ -> Optional.of(TreeAction.READ);
            case ZooDefs.Perms.CREATE -> Optional.of(TreeAction.CREATE);
            case ZooDefs.Perms.WRITE -> Optional.of(TreeAction.WRITE);
            case ZooDefs.Perms.DELETE -> Optional.of(TreeAction.DELETE);
            case ZooDefs.Perms.ADMIN -> Optional.of(TreeAction.SET_ACCESS);
            default -> Optional.empty();
        };
    }

    /** By what this server knows, which may be behind its leader. */
    private static Optional<String> text(ServerObjs server, String path) {
        return Optional.ofNullable(server.getZks().getZKDatabase().getNode(path))
                .map(DataNode::getData)
                .map(data -> new String(data, StandardCharsets.UTF_8));
    }

    @Override
    public boolean isAuthenticated() {
        return true;
    }

    @Override
    public boolean isValid(String id) {
        return id.equals(TABLE);
    }
}
