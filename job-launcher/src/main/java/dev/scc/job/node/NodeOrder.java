package dev.scc.job.node;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import dev.scc.host.NodeName;
import dev.scc.host.TerminalSize;
import dev.scc.job.JobId;
import dev.scc.job.JobLimits;
import dev.scc.job.JobRecord;
import dev.scc.job.Mapping;
import dev.scc.job.RunAs;
import dev.scc.job.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the lead tells a node of a job. The first is {@link Open}; when no more come, the job is over here. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface NodeOrder {

    /**
     * Prepare for the job.
     *
     * @param cluster that the job runs on
     * @param lead the node that leads it; a job ends with its membership
     * @param node whom the lead believes to be talking to
     * @param rdmaDevice whose counters are wanted; "" for none
     * @param rdmaAddress on the segment
     * @param rdmaNetdev the segment's interface
     * @param directory where its processes will start
     * @param ranks how many of them the node is to have room for
     * @param as whose rights they have
     * @param permit what a server has signed for whoever runs the job; empty where certificates do not count
     * @param stage what the job brings along: pieces of it follow; empty for nothing
     * @param cores that its ranks are to have; empty for what the kernel gives them
     * @param witnessed what the node is to tell of the job if its lead is lost; empty where another node does
     * @param checkpoints the directory that is to be made as its user where it is not, and stays; empty for none
     * @param pmix whether the lead wants to know if the node can serve PMIx; empty for no
     * @param overVpc whether the job needs the cluster's VPC, so that other nodes will {@link Reach} this one there; empty for no
     */
    record Open(
            JobId job,
            ClusterName cluster,
            NodeName lead,
            NodeName node,
            String rdmaDevice,
            Ipv4 rdmaAddress,
            String rdmaNetdev,
            String directory,
            int ranks,
            RunAs as,
            Optional<String> permit,
            @Later Optional<Boolean> overVpc,
            @Later Optional<Stage> stage,
            @Later Optional<Cores> cores,
            @Later Optional<JobRecord> witnessed,
            @Later Optional<String> checkpoints,
            @Later Optional<Boolean> pmix)
            implements NodeOrder {
        public Open(
                JobId job,
                ClusterName cluster,
                NodeName lead,
                NodeName node,
                String rdmaDevice,
                Ipv4 rdmaAddress,
                String rdmaNetdev,
                String directory,
                int ranks,
                RunAs as,
                Optional<String> permit,
                Optional<Boolean> overVpc) {
            this(
                    job,
                    cluster,
                    lead,
                    node,
                    rdmaDevice,
                    rdmaAddress,
                    rdmaNetdev,
                    directory,
                    ranks,
                    as,
                    permit,
                    overVpc,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        public Open {
            if (ranks < 1) {
                throw new IllegalArgumentException(ranks + " ranks of a job on a node are not at least 1");
            }
            if (witnessed.isPresent()
                    && (!witnessed.get().job().equals(job)
                            || !witnessed.get().lead().equals(lead)
                            || !witnessed.get().cluster().equals(cluster)
                            || witnessed.get().state().over())) {
                throw new IllegalArgumentException("what is to be witnessed is no record of job " + job);
            }
        }
    }

    /**
     * Send the processes of the program a signal.
     *
     * @param number of the signal
     * @param launched whether a launcher has started them, which is not to hear of it
     */
    record Signal(int number, boolean launched) implements NodeOrder {}

    /**
     * Find out whether another node of the job is reached in the cluster's VPC; {@link NodeEvent.Reached} is due. Its address
     * is what this node's roster says.
     *
     * @param port where it listens there
     * @param millis how long it may take to answer
     */
    record Reach(NodeName node, int port, long millis) implements NodeOrder {}

    /**
     * Start a process.
     *
     * @param process chosen by the lead, unique on that node in that job
     * @param environment all of it, but for what only the node knows
     * @param directory where it starts
     * @param reads whether it gets input; otherwise it finds nothing to read
     * @param terminal the size of the terminal that it gets for its streams; empty for pipes
     */
    record Start(
            int process,
            Optional<Integer> rank,
            List<String> argv,
            Map<String, String> environment,
            String directory,
            boolean reads,
            @Later Optional<TerminalSize> terminal)
            implements NodeOrder {
        public Start(
                int process,
                Optional<Integer> rank,
                List<String> argv,
                Map<String, String> environment,
                String directory,
                boolean reads) {
            this(process, rank, argv, environment, directory, reads, Optional.empty());
        }

        /** The same in another directory. */
        Start in(String place) {
            return new Start(process, rank, argv, environment, place, reads, terminal);
        }

        public Start {
            argv = List.copyOf(argv);
            environment = Map.copyOf(environment);
            // They are written one after the other, each ended by a zero byte.
            if (Stream.of(
                            argv.stream(),
                            environment.keySet().stream(),
                            environment.values().stream(),
                            Stream.of(directory))
                    .flatMap(texts -> texts)
                    .anyMatch(text -> text.indexOf('\0') >= 0)) {
                throw new IllegalArgumentException("a process whose words or variables have a zero byte");
            }
            if (argv.isEmpty()
                    || environment.keySet().stream().anyMatch(name -> name.isEmpty() || name.contains("="))) {
                throw new IllegalArgumentException("a process without a command, or with a variable without a name");
            }
        }
    }

    /** Something for a process to read. {@link NodeEvent.InputTaken} says when it has it; until then no more is sent. */
    record Input(int process, Bytes bytes) implements NodeOrder {}

    /**
     * What of the node's processors the ranks are to have.
     *
     * @param first of the node's ranks
     */
    record Cores(Mapping mapping, int first) {}

    /** The next piece of what the job brings along. {@link NodeEvent.Staged} says when all of it is there, or why not. */
    record StagePiece(Bytes bytes) implements NodeOrder {
        public StagePiece {
            JobLimits.piece(bytes);
        }
    }

    /** There are no more. */
    record EndStage() implements NodeOrder {}

    /** End all processes of the job and send the files that match; {@link NodeEvent.CollectedAll} says that these were all. */
    record Collect() implements NodeOrder {}

    /** The window of a process's terminal has another size now. */
    record Resize(int process, TerminalSize size) implements NodeOrder {}

    /** A process has had all of its input. */
    record EndInput(int process) implements NodeOrder {}

    /** Kill a process and all that it has started. */
    record Kill(int process) implements NodeOrder {}

    /** A line for a rank that is connected for PMI-1. */
    record PmiSend(int connection, String line) implements NodeOrder {}

    /** Break such a connection. */
    record PmiDrop(int connection, String why) implements NodeOrder {}

    /** The process that a launch agent on this node has asked for ended, or was not started. */
    record RshAnswer(int request, int status) implements NodeOrder {}
}
