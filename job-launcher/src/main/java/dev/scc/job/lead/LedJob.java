package dev.scc.job.lead;

import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Requests;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.job.Attachment;
import dev.scc.job.JobEvent;
import dev.scc.job.JobRecord;
import dev.scc.job.JobState;
import dev.scc.job.RankSignal;
import dev.scc.job.Tasks;
import dev.scc.job.history.JobHistory;
import dev.scc.job.history.OutputLog;
import dev.scc.job.rpc.KeeperRpc;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job as its lead knows it, from the moment it is asked for: its record, and who hears of it. What its processes write
 * goes to its log first and then to its client, which slows the job down where it is slow. Safe for use by several threads.
 */
public final class LedJob implements Answers<JobEvent> {
    private static final Logger log = LoggerFactory.getLogger(LedJob.class);

    private final JobHistory history;
    private final OutputLog output;
    private final Answers<JobEvent> client;
    private final Attachment attachment;
    private final InstantSource clock;
    private final Runnable moved;
    private final Tasks tasks;
    private final Tasks.Latch told;
    private final Tasks.Latch over;
    private final long sinceNanos;
    private JobRecord record;
    private Optional<String> cancelled = Optional.empty();
    private Optional<Signalling> signalling = Optional.empty();
    private Optional<Runnable> canceller = Optional.empty();
    /** Hear of what happens; see {@link #join}. */
    private final List<BlockingQueue<Boolean>> joined = new CopyOnWriteArrayList<>();

    private int attendants = 1;
    private volatile Optional<JobEvent.Started> started = Optional.empty();
    private volatile boolean clientGone;
    private volatile boolean unkept;

    /** @param moved called after each move */
    LedJob(
            JobRecord record,
            JobHistory history,
            Answers<JobEvent> client,
            Attachment attachment,
            InstantSource clock,
            Tasks tasks,
            Runnable moved) {
        this.tasks = tasks;
        sinceNanos = tasks.nanos();
        told = tasks.latch();
        over = tasks.latch();
        this.record = record;
        this.history = history;
        this.client = client;
        this.attachment = attachment;
        this.clock = clock;
        this.moved = moved;
        output = history.begin(record);
        moved.run();
    }

    public synchronized JobRecord record() {
        return record;
    }

    LivingJob living() {
        return new LivingJob(record(), attachment == Attachment.BOUND, sinceNanos);
    }

    /** Its plan is made. */
    synchronized void planned(int ranks) {
        record = record.withRanks(ranks);
    }

    /** It comes to another state. */
    void move(JobState next) {
        synchronized (this) {
            long since = record.moves().getLast().atMillis();
            String from = record.state().word();
            record = record.moved(next, clock.instant());
            log.atInfo()
                    .addKeyValue("job", record.job())
                    .log(
                            "{} -> {} after {} ms",
                            from,
                            next.word(),
                            record.moves().getLast().atMillis() - since);
            history.save(record);
        }
        moved.run();
    }

    /** It is over, and everybody has been told. */
    void close() {
        told.open();
        over.open();
        joined.forEach(LedJob::signal);
    }

    boolean isOver() {
        return over.isOpen();
    }

    /** What its client has been told of its start; empty until then. */
    Optional<JobEvent.Started> started() {
        return started;
    }

    /** One more attends to it, and hears here that something has happened, until it {@link #leave leaves}. */
    BlockingQueue<Boolean> join() {
        synchronized (this) {
            attendants++;
        }
        BlockingQueue<Boolean> news = tasks.queue();
        joined.add(news);
        return news;
    }

    void leave(BlockingQueue<Boolean> news) {
        joined.remove(news);
    }

    /**
     * One of those who attended to it is gone without having been told of its end. A job that is bound to its clients ends with
     * the last of them; true for one that does.
     */
    boolean left() {
        synchronized (this) {
            attendants--;
            if (attendants > 0) {
                return false;
            }
        }
        if (attachment == Attachment.BOUND) {
            cancel("its client is gone");
            return true;
        }
        return false;
    }

    private static void signal(BlockingQueue<Boolean> news) {
        if (news.isEmpty()) {
            news.add(true);
        }
    }

    /** Tells whoever is there. The client's absence is no matter of the job's threads. */
    @Override
    public void send(JobEvent event) throws InterruptedException {
        if (event instanceof JobEvent.Output text) {
            keep(text);
        }
        boolean listens = attachment != Attachment.DETACHED || !(event instanceof JobEvent.Output);
        if (listens && !clientGone) {
            try {
                client.send(event);
            } catch (InterruptedException e) {
                if (tasks.current().isInterrupted()) {
                    throw e;
                }
                clientGone = true;
            }
        }
        if (event instanceof JobEvent.Started start) {
            started = Optional.of(start);
            told.open();
        }
        joined.forEach(LedJob::signal);
    }

    private void keep(JobEvent.Output text) {
        if (unkept) {
            return;
        }
        try {
            output.append(text);
        } catch (IOException e) {
            unkept = true;
            log.atError().addKeyValue("job", record().job()).setCause(e).log("the job's output is not kept any more");
        }
    }

    /** What the client says, as long as it is there; then there is no more. */
    Requests<KeeperRpc.ToJob> input(Requests<KeeperRpc.ToJob> said) {
        return switch (attachment) {
            case DETACHED -> Optional::empty;
            case BOUND, LOOSE ->
                () -> {
                    try {
                        return said.next();
                    } catch (InterruptedException e) {
                        boolean ends = attachment == Attachment.BOUND && joined.isEmpty();
                        if (ends || record().state().over()) {
                            throw e; // To a rank that is killed it was not the end of its input.
                        }
                        return Optional.empty();
                    }
                };
        };
    }

    /** From now on this is how to end it. */
    void cancelBy(Runnable how) {
        boolean now;
        synchronized (this) {
            canceller = Optional.of(how);
            now = cancelled.isPresent();
        }
        if (now) {
            how.run();
        }
    }

    /** Has it ended, unless it is over; where that gives its ranks time, at once the second time. The first reason counts. */
    public void cancel(String why) {
        Optional<Runnable> how;
        synchronized (this) {
            if (record.state().over()) {
                return;
            }
            cancelled = cancelled.or(() -> Optional.of(why));
            how = canceller;
        }
        how.ifPresent(Runnable::run);
    }

    /** How its ranks get a signal. */
    @FunctionalInterface
    interface Signalling {
        void send(RankSignal signal) throws InterruptedException;
    }

    /** From now on its ranks get signals like this. */
    synchronized void signalBy(Signalling how) {
        signalling = Optional.of(how);
    }

    /** Sends its ranks a signal. False if none run. */
    public boolean signal(RankSignal signal) throws InterruptedException {
        Optional<Signalling> how;
        synchronized (this) {
            how = record.state() instanceof JobState.Running ? signalling : Optional.empty();
        }
        if (how.isPresent()) {
            how.get().send(signal);
        }
        return how.isPresent();
    }

    /** Why it is to end, if somebody wants that. */
    synchronized Optional<String> cancelled() {
        return cancelled;
    }

    /**
     * Waits for as long as the client's call lasts: until the job is over, or has started if that is all it wants.
     *
     * @throws RpcFailed if nobody knows how it ended
     */
    void attend() throws RpcFailed, InterruptedException {
        try {
            (attachment == Attachment.DETACHED ? told : over).await();
        } catch (InterruptedException e) {
            clientGone = true;
            if (left()) {
                over.await();
            }
            throw e;
        }
        if (record().state() instanceof JobState.Lost lost) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, lost.why());
        }
    }
}
