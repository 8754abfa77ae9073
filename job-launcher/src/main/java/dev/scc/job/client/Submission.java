package dev.scc.job.client;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.RpcCall;
import dev.scc.cluster.rpc.RpcChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.TerminalSize;
import dev.scc.job.JobEvent;
import dev.scc.job.Tasks;
import dev.scc.job.files.PieceOutput;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call that asks a lead for a job, and takes along what the caller has for it. Nothing of the caller's input is read before
 * the lead has said something: until then it may be needed for another call.
 */
final class Submission {
    private static final Logger log = LoggerFactory.getLogger(Submission.class);
    private static final int PIECE = 16 << 10;

    /** How long the call may take to end when all has been said. */
    private static final Duration ENDING = Duration.ofSeconds(1);

    private final Tasks tasks;
    private final Supply supply;
    private final Tasks.Latch answered;
    private boolean sent;
    private boolean heard;
    private volatile boolean over;

    Submission(Tasks tasks, Supply supply) {
        this.tasks = tasks;
        this.supply = supply;
        this.answered = tasks.latch();
    }

    /** What the lead says of the job. */
    @FunctionalInterface
    interface Heard {
        /** The next, or empty when it says no more. */
        Optional<JobEvent> next() throws RpcFailed, InterruptedException;
    }

    /** What is made of that. */
    @FunctionalInterface
    interface Listening<T> {
        T to(Heard heard) throws RpcFailed, InterruptedException;
    }

    /** Whether the lead may know of the job by now. */
    boolean sent() {
        return sent;
    }

    /** Whether it has said anything. */
    boolean heard() {
        return heard;
    }

    <T> T make(RpcChannel channel, KeeperRpc.Run request, Listening<T> listening)
            throws RpcFailed, InterruptedException {
        try (RpcCall<KeeperRpc.ToJob, JobEvent> call = channel.open(KeeperRpc.RUN, Optional.empty())) {
            sent = true;
            call.send(request);
            tasks.startDaemon("job-input", () -> feed(call));
            supply.window().onResize(size -> resized(call, size));
            T made = listening.to(() -> next(call));
            awaitEnd(call);
            return made;
        } finally {
            over = true;
            answered.open();
        }
    }

    /** A connection on which no call is cancelled serves the next job, which costs less than to make another. */
    private void awaitEnd(RpcCall<KeeperRpc.ToJob, JobEvent> call) {
        try {
            call.next(ENDING);
        } catch (RpcFailed e) {
            log.atDebug().setCause(e).log("the call for a job did not end well after all was said");
        } catch (InterruptedException e) {
            tasks.current().interrupt(); // What became of the job is known.
        }
    }

    private Optional<JobEvent> next(RpcCall<KeeperRpc.ToJob, JobEvent> call) throws RpcFailed, InterruptedException {
        Optional<JobEvent> event = call.next();
        heard = true;
        answered.open();
        return event;
    }

    /** Waits where the job does not read: a call takes no more than the other side asks for. */
    private void feed(RpcCall<KeeperRpc.ToJob, JobEvent> call) {
        byte[] buffer = new byte[PIECE];
        try {
            stage(call);
            answered.await();
            InputStream input = supply.input();
            while (!over) {
                int count = input.read(buffer);
                if (count < 0) {
                    break;
                }
                call.send(new KeeperRpc.Input(Bytes.of(buffer, 0, count)));
            }
        } catch (IOException | InterruptedException e) {
            tasks.current().interrupt(); // What cannot be read is at its end.
        }
        call.sendNoMore();
    }

    private void stage(RpcCall<KeeperRpc.ToJob, JobEvent> call) throws InterruptedException {
        if (supply.files().isEmpty()) {
            return;
        }
        Optional<String> failure = Optional.empty();
        try {
            PieceOutput out = new PieceOutput(piece -> {
                if (over) {
                    throw new InterruptedException("the job is over");
                }
                call.send(new KeeperRpc.Staged(piece));
            });
            supply.files().get().write(out);
            out.flush();
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
        }
        call.send(new KeeperRpc.StagedAll(failure));
    }

    private void resized(RpcCall<KeeperRpc.ToJob, JobEvent> call, TerminalSize size) {
        try {
            call.send(new KeeperRpc.Resize(size));
        } catch (InterruptedException e) {
            tasks.current().interrupt(); // Whoever told of it is to end.
        }
    }
}
