package dev.scc.cluster;

import dev.scc.host.Bounds;
import dev.scc.host.Ipv4;
import dev.scc.host.Later;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text of a node's ephemeral entry, and of its wish to be enrolled: which machine's agent lives, and where. Others reach a
 * node where the controller has enrolled it, whatever its agent says later.
 *
 * @param instance tells this agent's data directory from any other's
 * @param underlay address of the machine on the ordinary network, which no other machine has at the same time; VXLAN packets to
 *     the node go there
 * @param agent host and port of its agent's gRPC service, such as {@code 10.99.0.11:7070}; empty if it has none
 */
public record Alive(String instance, Ipv4 underlay, @Later Optional<String> agent) {
    private static final int LONGEST_INSTANCE = 64;
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.:_\\[\\]-]{1,255}:[0-9]{1,5}");
    private static final int LAST_PORT = 65_535;

    public Alive {
        Bounds.atMost("instance", instance, LONGEST_INSTANCE);
        int first = underlay.bits() >>> 24;
        if (first == 0 || first >= 224) {
            throw new IllegalArgumentException(underlay + " is no machine's address");
        }
        agent.ifPresent(Alive::check);
    }

    private static void check(String address) {
        if (!ADDRESS.matcher(address).matches()) {
            throw new IllegalArgumentException(
                    "\"" + Bounds.cut(address, LONGEST_INSTANCE) + "\" is no address of an agent");
        }
        Bounds.within("port", Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)), 1, LAST_PORT);
    }

    /** A machine whose agent nobody can call. */
    public static Alive at(String instance, Ipv4 underlay) {
        return new Alive(instance, underlay, Optional.empty());
    }

    /** Whether both are of one machine: it may have got another address, or lost its data directory, but hardly both at once. */
    public boolean sameMachine(Alive other) {
        return instance.equals(other.instance) || underlay.equals(other.underlay);
    }

    /** The same machine, reached where that one says. */
    public Alive reachedAs(Alive other) {
        return new Alive(instance, other.underlay, other.agent);
    }
}
