package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.Bounds;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a job was not started. Each says it as a sentence. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface Refusal {
    String why();

    /** It asks for more than the nodes or {@link JobLimits} have. */
    record TooMuch(String why) implements Refusal {}

    /** Its ranks would not talk over RDMA, and nobody has allowed TCP. */
    record NoRdma(String why) implements Refusal {}

    /** Nodes do not have the directory that it is to run in. */
    record NoDirectory(String directory, List<NodeName> nodes) implements Refusal {
        public NoDirectory {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String why() {
            return "the working directory " + directory + " is not there on "
                    + String.join(", ", nodes.stream().map(NodeName::value).toList()) + "; nothing was started";
        }
    }

    /** One node does not reach another in their cluster's VPC. The reason is a part of a sentence. */
    record Unreached(NodeName from, NodeName to, String why) {
        private static final int LONGEST = 200;

        public Unreached {
            why = Bounds.cut(why, LONGEST);
        }

        @Override
        public String toString() {
            return from + " does not reach " + to + " (" + why + ")";
        }
    }

    /** Nodes do not reach each other in the cluster's VPC: their ranks would wait for each other, and say nothing. */
    record VpcBlocked(List<Unreached> failures) implements Refusal {
        private static final int NAMED = 8;

        public VpcBlocked {
            failures = List.copyOf(failures);
            if (failures.isEmpty()) {
                throw new IllegalArgumentException("a VPC is blocked and all nodes reach each other");
            }
        }

        /** The one node that all failures have in common; empty if there are several such, or none. */
        public Optional<NodeName> suspect() {
            Unreached first = failures.getFirst();
            List<NodeName> common = Stream.of(first.from(), first.to())
                    .filter(node -> failures.stream()
                            .allMatch(each ->
                                    each.from().equals(node) || each.to().equals(node)))
                    .toList();
            return common.size() == 1 ? Optional.of(common.getFirst()) : Optional.empty();
        }

        @Override
        public String why() {
            String who = suspect()
                    .map(node -> "node " + node + " is cut off from the cluster's VPC: ")
                    .orElse("nodes are cut off from each other in the cluster's VPC: ");
            List<String> all = failures.stream().map(Unreached::toString).toList();
            return who + String.join(", ", Bounds.cut(all, NAMED, Integer.MAX_VALUE)) + "; nothing was started";
        }
    }

    /** What the job brings along did not get to all of its nodes. The reason is a sentence without its end. */
    record NotStaged(String reason) implements Refusal {
        @Override
        public String why() {
            return "not staged: " + reason + "; nothing was started";
        }
    }

    /** A node cannot take part. */
    record NodeUnable(NodeName node, String reason) implements Refusal {
        @Override
        public String why() {
            return "node " + node + " cannot take part in the job: " + reason + "; nothing was started";
        }
    }

    /**
     * It was refused when it was asked for first.
     *
     * @param exitCode what {@code scc run} exited with then
     */
    record Earlier(String why, int exitCode) implements Refusal {}
}
