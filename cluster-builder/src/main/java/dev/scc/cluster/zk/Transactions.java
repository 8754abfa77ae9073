package dev.scc.cluster.zk;

import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Op;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/** Our operations in ZooKeeper's words, and its results in ours. */
final class Transactions {
    private Transactions() {}

    /** @param access that new entries bear */
    static org.apache.zookeeper.Op operation(Op op, List<ACL> access) {
        return switch (op) {
            case Op.Check check -> org.apache.zookeeper.Op.check(check.path(), check.version());
            case Op.Create create -> create(create.path(), create.text(), CreateMode.PERSISTENT, access);
            case Op.CreateEphemeral create -> create(create.path(), create.text(), CreateMode.EPHEMERAL, access);
            case Op.Set set -> org.apache.zookeeper.Op.setData(set.path(), bytes(set.text()), set.version());
            case Op.Delete delete -> org.apache.zookeeper.Op.delete(delete.path(), delete.version());
        };
    }

    private static org.apache.zookeeper.Op create(String path, String text, CreateMode mode, List<ACL> access) {
        return org.apache.zookeeper.Op.create(path, bytes(text), access, mode);
    }

    /** What new entries bear: on a guarded tree what the table says, on others everything for everybody. */
    static List<ACL> access(boolean guarded) {
        return guarded
                ? List.of(new ACL(ZooDefs.Perms.ALL, new Id(Guarded.SCHEME, TreeGuard.TABLE)))
                : ZooDefs.Ids.OPEN_ACL_UNSAFE;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Empty for an operation that did fit, or that was not tried because another did not. */
    static Optional<Conflict.Why> why(OpResult result) {
        if (!(result instanceof OpResult.ErrorResult error)) {
            return Optional.empty();
        }
        return switch (KeeperException.Code.get(error.getErr())) {
            case NODEEXISTS -> Optional.of(Conflict.Why.ALREADY_THERE);
            case NONODE -> Optional.of(Conflict.Why.NOT_THERE);
            case BADVERSION -> Optional.of(Conflict.Why.OTHER_VERSION);
            case NOTEMPTY -> Optional.of(Conflict.Why.HAS_CHILDREN);
            default -> Optional.empty();
        };
    }
}
