package dev.scc.cluster.zk;

import dev.scc.cluster.TreeAccess;
import dev.scc.cluster.TreeAction;
import dev.scc.cluster.trust.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
                        .isPresent();
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
