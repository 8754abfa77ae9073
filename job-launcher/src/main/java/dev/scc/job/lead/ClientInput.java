package dev.scc.job.lead;

import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.TerminalSize;
import dev.scc.job.JobId;
import dev.scc.job.rpc.KeeperRpc;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the client's standard input on, a piece at a time: the next is taken when the process has had the one before, so that a
 * client which is faster than its job waits. Sizes of the window come between the pieces.
 *
 * @param first the size that came before, if one did
 */
record ClientInput(JobId job, Requests<KeeperRpc.ToJob> client, Switchboard switchboard, Optional<TerminalSize> first) {
    private static final Logger log = LoggerFactory.getLogger(ClientInput.class);

    /** Returns when there is no more, or this thread is interrupted. */
    void pass() {
        try {
            if (first.isPresent()) {
                switchboard.resize(first.get());
            }
            for (Optional<KeeperRpc.ToJob> next = client.next(); next.isPresent(); next = client.next()) {
                switch (next.get()) {
                    case KeeperRpc.Input piece -> switchboard.feed(piece.bytes());
                    case KeeperRpc.Resize resize -> switchboard.resize(resize.size());
                    case KeeperRpc.Run _, KeeperRpc.Staged _, KeeperRpc.StagedAll _ ->
                        log.atWarn().addKeyValue("job", job).log("a client says what it should have said before");
                }
            }
            switchboard.endInput();
        } catch (RpcFailed e) {
            log.atWarn().addKeyValue("job", job).setCause(e).log("the rest of the standard input is lost");
        } catch (InterruptedException e) {
            log.atTrace().addKeyValue("job", job).log("nobody reads the input any more");
        }
    }
}
