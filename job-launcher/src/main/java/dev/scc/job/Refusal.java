package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.scc.host.NodeName;
import java.util.List;

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

    /** A node cannot take part. */
    record NodeUnable(NodeName node, String reason) implements Refusal {
        @Override
        public String why() {
            return "node " + node + " cannot take part in the job: " + reason + "; nothing was started";
        }
    }
}
