package dev.scc.cluster.zk;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.zookeeper.server.persistence.FileTxnLog;
import org.apache.zookeeper.server.persistence.TxnLog;

/** What a ZooKeeper server has written to its disk, for measurements: the server itself may go on meanwhile. */
public final class TransactionLog {
    private TransactionLog() {}

    /**
     * How many transactions a session has written so far. Those that did not fit the tree count too, and so does the
     * beginning of the session.
     *
     * @param data of the server, as given to {@link EmbeddedZooKeeper#start}
     */
    public static int count(Path data, long session) throws IOException {
        int count = 0;
        try (TxnLog.TxnIterator transactions =
                new FileTxnLog(data.resolve("version-2").toFile()).read(0)) {
            while (transactions.getHeader() != null) {
                if (transactions.getHeader().getClientId() == session) {
                    count++;
                }
                if (!transactions.next()) {
                    break;
                }
            }
        }
        return count;
    }
}
