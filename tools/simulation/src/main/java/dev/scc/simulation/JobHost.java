package dev.scc.simulation;

import dev.scc.cluster.Roster;
import dev.scc.host.NodeName;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A machine of the scene with jobs: a node, or what a client runs on. */
final class JobHost {
    final String name;
    /** What the node serves, by its agent's disk. */
    Optional<Roster> serves = Optional.empty();

    /** Its agent builds nothing that it serves already, and leaves first. */
    boolean leaves;

    boolean powered = true;
    /** Nothing gets from here to other machines, or back. */
    boolean cut;

    long cutSince;
    boolean diskFull;
    /** When something was done to it, or to its keeper, that its jobs may suffer from. */
    long hurt = Long.MIN_VALUE;
    /** Until then its keeper is stopped. */
    long stunnedUntil = -Timeline.SECOND * 60;
    /** Its agent does not know any more what it served. */
    boolean forgot;
    /** When it left its cluster. */
    long left = Long.MIN_VALUE;
    /** When something was done to its agent, or to the way to the tree. */
    long disturbed = Long.MIN_VALUE;

    @Nullable
    JobAgentProcess agent;

    @Nullable
    JobKeeperProcess keeper;

    final List<Running> processes = new ArrayList<>();
    /** Records of jobs, by their place. */
    final TreeMap<String, byte[]> disk = new TreeMap<>();
    /** What its keeper knows of jobs, and a full disk has not taken. */
    final Map<JobId, JobRecord> unwritten = new HashMap<>();

    JobHost(String name) {
        this.name = name;
    }

    NodeName node() {
        return new NodeName(name);
    }

    String agentAddress() {
        return name + ":7070";
    }

    /**
     * A process of a job.
     *
     * @param pid no other process has ever had it, also not one of a job that was called the same
     */
    record Running(String job, int process, int pid) {}

    @Override
    public String toString() {
        return name;
    }
}
