package dev.scc.fabric.doctor;

import dev.scc.fabric.doctor.Finding.Severity;
import java.util.List;
import java.util.Set;

/**
 * What stands against giving a node to a cluster, or starting a job on it: the doctor's errors and warnings about the one device
 * that clusters use there. Pure.
 */
public final class Preflight {
    /** What comes and goes, takes some time to be seen, or is built by the agent's own steps, says nothing about the next hour. */
    private static final Set<String> FLEETING = Set.of(
            "loss-rising",
            "neighbour-failed",
            "clock-skew",
            "gid-renumbered",
            "gid-missing",
            "gid-namespace",
            "cm-tos-differs");

    private Preflight() {}

    /**
     * Errors first.
     *
     * @param netdev the interface that segments are made on
     */
    public static List<Finding> examine(NodeFacts facts, String netdev) {
        return Doctor.examine(List.of(facts.only(netdev)), Set.of()).stream()
                .filter(one -> one.severity() != Severity.INFO && !FLEETING.contains(one.rule()))
                .toList();
    }
}
