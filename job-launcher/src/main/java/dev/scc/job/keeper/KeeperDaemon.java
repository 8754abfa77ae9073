package dev.scc.job.keeper;

import dev.scc.cluster.rpc.AgentChannel;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.AtomicFile;
import dev.scc.host.DirectoryLock;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import dev.scc.job.KeeperHost;
import dev.scc.job.node.JobTools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A keeper in a process of its own, which outlives the agent's: the next agent finds it by its directory, and by the lock on
 * that which it holds for as long as it lives. It is started for a cluster's first job on the node, or some seconds after the
 * node was built, so that the first job need not wait for it; and it ends when the node leaves the cluster.
 */
public final class KeeperDaemon implements KeeperHost, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeeperDaemon.class);
    /** An emulated node under load takes many seconds to start a JVM. */
    private static final Duration STARTING = Duration.ofSeconds(90);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration BETWEEN_ATTENDANCES = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration DYING = Duration.ofSeconds(10);
    /** By then all jobs have given up a keeper that hangs. */
    private static final int MISSED = 3;

    private final Path directory;
    private final List<String> command;
    private final KeeperSpec spec;
    private final AtomicFile addressFile;
    private final List<Charge> charges = new CopyOnWriteArrayList<>();
    private final Semaphore news = new Semaphore(0);
    private final Thread attending;
    private long known;

    /**
     * A keeper's place, with a keeper in it or not.
     *
     * @param directory of its files; to be there for the next agent
     * @param command that runs {@link KeeperProcess} until that ends
     */
    public KeeperDaemon(Path directory, List<String> command, KeeperSpec spec) {
        this.directory = directory;
        this.command = List.copyOf(command);
        this.spec = spec;
        addressFile = new AtomicFile(directory.resolve(KeeperAddress.FILE));
        attending = Thread.ofVirtual().name("keeper-attendance").unstarted(this::attendAll);
    }

    /** From now on the keeper hears that there is an agent; one that has died is noticed. */
    public void attend() {
        attending.start();
    }

    @Override
    public void take(Charge charge) {
        charges.add(charge);
    }

    @Override
    public String address(NodeName node) throws IOException, InterruptedException {
        return addressOf(ready(), node);
    }

    @Override
    public Optional<String> running(NodeName node) throws IOException, InterruptedException {
        Optional<KeeperAddress> keeper = look();
        return keeper.isPresent() ? Optional.of(addressOf(keeper.get(), node)) : Optional.empty();
    }

    private static String addressOf(KeeperAddress keeper, NodeName node) throws IOException {
        return keeper.of(node)
                .orElseThrow(() -> new IOException("the keeper of jobs that runs, process " + keeper.pid()
                        + ", does not keep those of node " + node));
    }

    private synchronized KeeperAddress ready() throws IOException, InterruptedException {
        Optional<KeeperAddress> runs = look();
        if (runs.isPresent() && !runs.get().version().equals(spec.version()) && ended(runs.get())) {
            log.atInfo().addKeyValue("version", runs.get().version()).log("keeper of another version has ended");
            runs = Optional.empty();
        }
        return runs.isPresent() ? runs.get() : start();
    }

    /** The keeper that runs. If one has gone since the last look, what it left is ended. */
    private synchronized Optional<KeeperAddress> look() throws IOException, InterruptedException {
        Optional<KeeperAddress> runs = find();
        if (runs.isPresent()) {
            meet(runs.get().pid());
        } else if (known != 0) {
            log.atError().addKeyValue("pid", known).log("the keeper of jobs is gone; its jobs end");
            known = 0;
            charges.forEach(Charge::sweep);
        }
        return runs;
    }

    private void meet(long pid) {
        if (pid != known) {
            known = pid;
            ProcessHandle.of(pid).ifPresent(process -> {
                var _ = process.onExit().thenRun(news::release);
            });
        }
    }

    private Optional<KeeperAddress> find() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (true) {
            Optional<Long> holder = DirectoryLock.holder(directory);
            if (holder.isEmpty()) {
                return Optional.empty();
            }
            Optional<KeeperAddress> said = said().filter(address -> address.pid() == holder.get());
            if (said.isPresent()) {
                return said;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("process " + holder.get() + " keeps " + directory + ", but has not said within "
                        + STARTING.toSeconds() + " s where it listens");
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private Optional<KeeperAddress> said() throws IOException {
        return addressFile.read().map(text -> Json.read(text, KeeperAddress.class));
    }

    private KeeperAddress start() throws IOException, InterruptedException {
        charges.forEach(Charge::sweep);
        addressFile.delete();
        spec.write(directory);
        // In a session of its own: what is typed at the agent's terminal is not for the jobs.
        List<String> argv = new ArrayList<>(List.of(JobTools.installed().exec().toString(), "-d", "/", "--"));
        argv.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (true) {
            Optional<KeeperAddress> said = said();
            if (said.isPresent()) {
                meet(said.get().pid());
                return said.get();
            }
            if (!process.isAlive()) {
                // One that an earlier agent has begun to start may have been faster.
                return find().orElseThrow(() -> new IOException("the process that keeps jobs ended with status "
                        + process.exitValue() + " as it started; the agent's log says why"));
            }
            if (System.nanoTime() - deadline > 0) {
                process.destroyForcibly();
                throw new IOException(
                        "the process that keeps jobs did not start within " + STARTING.toSeconds() + " s");
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    private boolean ended(KeeperAddress keeper) throws InterruptedException, IOException {
        try {
            if (!attend(keeper, true)) {
                return false;
            }
        } catch (RpcFailed e) {
            log.atWarn().setCause(e).log("the keeper of jobs does not say whether it is idle");
            return false;
        }
        awaitEnd(keeper.pid());
        return true;
    }

    private static boolean attend(KeeperAddress keeper, boolean endIfIdle) throws RpcFailed, InterruptedException {
        String any = keeper.addresses().values().iterator().next();
        try (AgentChannel channel = new AgentChannel(any)) {
            return channel.call(KeeperRpc.ATTEND, new KeeperRpc.Attend(endIfIdle), ANSWER)
                    .ends();
        }
    }

    /** After that it is not expected to be there. */
    private synchronized void awaitEnd(long pid) throws IOException, InterruptedException {
        try {
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            if (process.isPresent()) {
                process.get().onExit().get(DYING.toSeconds(), TimeUnit.SECONDS);
            }
            known = 0;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("process " + pid + ", which keeps jobs, does not end", e);
        }
    }

    @Override
    public void retire() throws IOException, InterruptedException {
        Optional<KeeperAddress> keeper = look();
        if (keeper.isPresent() && !ended(keeper.get())) {
            log.atInfo().addKeyValue("pid", keeper.get().pid()).log("the keeper of jobs has some, and goes on");
        }
    }

    @Override
    public synchronized void kill() throws IOException, InterruptedException {
        Optional<Long> holder = DirectoryLock.holder(directory);
        if (holder.isPresent()) {
            log.atError().addKeyValue("pid", holder.get()).log("the keeper of jobs hangs and is killed");
            ProcessHandle.of(holder.get()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(holder.get());
        }
    }

    private void attendAll() {
        int missed = 0;
        boolean expecting = false;
        try {
            while (true) {
                boolean expected = expecting;
                expecting = charges.stream().anyMatch(Charge::mayHaveJobs);
                missed = attendOnce(expected && expecting) ? 0 : missed + 1;
                if (missed == MISSED) {
                    missed = 0;
                    killAndSweep();
                }
                if (news.tryAcquire(BETWEEN_ATTENDANCES.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            log.atTrace().log("the agent ends");
        }
    }

    /**
     * Returns whether all is well with the keeper, if there is one.
     *
     * @param wanted whether there is to be one
     */
    private boolean attendOnce(boolean wanted) throws InterruptedException {
        try {
            Optional<KeeperAddress> keeper = look();
            if (keeper.isPresent()) {
                attend(keeper.get(), false);
            } else if (wanted) {
                ready();
            }
            return true;
        } catch (IOException | RpcFailed e) {
            log.atError().setCause(e).log("all is not well with the keeper of jobs");
            return false;
        }
    }

    private synchronized void killAndSweep() throws InterruptedException {
        try {
            kill();
            charges.forEach(Charge::sweep);
        } catch (IOException e) {
            log.atError().setCause(e).log("the keeper of jobs can neither be reached nor killed");
        }
    }

    /** From now on the keeper hears nothing of this agent, as if that had been killed. */
    void forsake() {
        attending.interrupt();
    }

    /** The agent ends. The keeper goes on while it has jobs. */
    @Override
    public void close() {
        attending.interrupt();
        try {
            attending.join();
            retire();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("nobody knows whether jobs go on");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
