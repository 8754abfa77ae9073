package dev.scc.testbed;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.host.NodeName;
import dev.scc.host.ProcessId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What has been made of a testbed's nodes so far. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
sealed interface Made {

    /** The processes that the nodes are, or that their agents live in. */
    Collection<ProcessId> processes();

    /** @param guests the QEMU process of each node that was started */
    @JsonTypeName("vm")
    record Guests(String accelerator, String kernel, Map<NodeName, ProcessId> guests) implements Made {
        public Guests {
            guests = Map.copyOf(guests);
        }

        static Guests none(Accelerator accelerator, String kernel) {
            return new Guests(accelerator.word(), kernel, Map.of());
        }

        Guests with(NodeName node, ProcessId process) {
            Map<NodeName, ProcessId> more = new LinkedHashMap<>(guests);
            more.put(node, process);
            return new Guests(accelerator, kernel, more);
        }

        @Override
        public Collection<ProcessId> processes() {
            return guests.values();
        }
    }

    /** @param agents the process of all agents, if it was started */
    @JsonTypeName("netns")
    record Namespaces(Optional<ProcessId> agents) implements Made {
        @Override
        public Collection<ProcessId> processes() {
            return agents.stream().toList();
        }
    }

    /** @param agents the process of all agents, and so of all nodes, if it was started */
    @JsonTypeName("sim")
    record Simulated(Optional<ProcessId> agents) implements Made {
        @Override
        public Collection<ProcessId> processes() {
            return agents.stream().toList();
        }
    }
}
