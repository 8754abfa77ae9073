package dev.scc.job.node;

import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.job.ProcessEnd;
import dev.scc.job.RunAs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processes that a job's lead has had started on this node. What they write and how they end is told to the lead. */
final class NodeProcesses {
    private static final Logger log = LoggerFactory.getLogger(NodeProcesses.class);
    private static final int EIO = 5;

    private final NodeSettings settings;
    private final NodeAllocation node;
    private final NodeOrder.Open open;
    private final Answers<NodeEvent> lead;
    private final Map<Integer, JobProcess> processes = new ConcurrentHashMap<>();

    /** @param node what the job has of it */
    NodeProcesses(NodeSettings settings, NodeAllocation node, Answers<NodeEvent> lead) {
        this.settings = settings;
        this.node = node;
        open = node.open();
        this.lead = lead;
    }

    void start(NodeOrder.Start order) {
        node.door().ifPresent(VpcDoor::close); // Its port is for rank 0 of those that want one.
        Map<String, String> environment = new HashMap<>(NodeSettings.baseEnvironment());
        environment.putAll(node.user().environment());
        if (open.as() instanceof RunAs.Unmapped) {
            environment.put(
                    "HOME", node.directory().toString()); // An account that stands for many has no place of its own.
        }
        environment.putAll(order.environment());
        environment.putAll(node.socket().environment());
        node.stage().ifPresent(area -> environment.put("SCC_STAGE", area.place().toString()));
        if (order.rank().isEmpty()) { // A launcher, whose ranks scc-rank binds.
            node.share().ifPresent(taken -> environment.put("SCC_CPUS", String.join(" ", taken.cpus())));
            node.share()
                    .map(Processors.Share::rails)
                    .filter(rails -> !rails.isEmpty())
                    .ifPresent(rails -> environment.put("SCC_RAILS", String.join(" ", rails)));
        }
        node.share()
                .flatMap(taken -> ofRank(order, taken.rails()))
                .ifPresent(rail -> environment.put("SCC_RAIL", rail));
        environment.put("SCC_JOB", open.job().value());
        try {
            JobProcess process = JobProcess.start(
                    settings,
                    node.company().enter(),
                    node.cgroup(),
                    node.orders(),
                    node.user(),
                    node.stage().map(area -> order.in(area.place().toString())).orElse(order),
                    environment,
                    cpus(order),
                    (errors, bytes) -> lead.send(new NodeEvent.Output(order.process(), errors, bytes)));
            processes.put(order.process(), process);
            Thread.ofVirtual().name("job-process").start(() -> report(order.process(), process));
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", open.job()).setCause(e).log("process could not be started");
            Thread.ofVirtual().name("job-process").start(() -> reportUnstarted(order.process(), e));
        }
    }

    /** Of a launcher all that its ranks here have: those are bound by {@code scc-rank}. */
    private Optional<String> cpus(NodeOrder.Start order) {
        return node.share().map(taken -> ofRank(order, taken.cpus()).orElseGet(taken::all));
    }

    /** Of a list for the ranks of this node what that has for the one to be started; empty for a launcher. */
    private Optional<String> ofRank(NodeOrder.Start order, List<String> each) {
        return order.rank()
                .flatMap(rank -> open.cores().map(cores -> rank - cores.first()))
                .filter(index -> index >= 0 && index < each.size())
                .map(each::get);
    }

    void feed(NodeOrder.Input input) {
        feed(input.process(), Optional.of(input.bytes()));
    }

    void endInput(NodeOrder.EndInput end) {
        feed(end.process(), Optional.empty());
    }

    /** On a thread of its own: a process that does not read is not waited for here. The lead sends one piece at a time. */
    private void feed(int number, Optional<Bytes> piece) {
        Thread.ofPlatform().daemon().name("job-input").start(() -> {
            JobProcess process = processes.get(number);
            try {
                if (process != null && piece.isPresent()) {
                    process.feed(piece.get());
                } else if (process != null) {
                    process.endInput();
                }
            } catch (IOException e) {
                log.atTrace().addKeyValue("job", open.job()).setCause(e).log("a process does not read its input");
            }
            taken(number, piece.isPresent());
        });
    }

    void resize(NodeOrder.Resize order) {
        JobProcess process = processes.get(order.process());
        if (process != null) {
            process.resize(order.size());
        }
    }

    private void taken(int number, boolean more) {
        try {
            if (more) {
                lead.send(new NodeEvent.InputTaken(number));
            }
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("job", open.job()).log("lead gone before a process had its input");
        }
    }

    private void report(int number, JobProcess process) {
        try {
            lead.send(new NodeEvent.Exited(number, process.await()));
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("job", open.job()).log("lead gone before a process ended");
        }
    }

    private void reportUnstarted(int number, IOException why) {
        try {
            byte[] text = ("scc: " + why.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
            lead.send(new NodeEvent.Output(number, true, Bytes.of(text)));
            lead.send(new NodeEvent.Exited(number, new ProcessEnd.NotPrepared(EIO)));
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("job", open.job()).log("lead gone before a process started");
        }
    }

    void signal(NodeOrder.Signal order) {
        try {
            RankProcesses.send(node.cgroup(), order.number(), order.launched());
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", open.job()).setCause(e).log("processes of a job get no signal");
        }
    }

    void kill(int number) {
        JobProcess process = processes.get(number);
        if (process != null) {
            try {
                process.kill();
            } catch (IOException e) {
                log.atWarn().addKeyValue("job", open.job()).setCause(e).log("process not killed yet");
            }
        }
    }

    void killAll() {
        processes.keySet().forEach(this::kill);
    }

    /** Nothing more is read of what they write. */
    void stopOutput() {
        processes.values().forEach(JobProcess::stopOutput);
    }
}
