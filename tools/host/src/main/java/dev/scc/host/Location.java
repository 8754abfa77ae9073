package dev.scc.host;

import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import java.nio.file.Path;
import java.util.List;
import javax.net.ServerSocketFactory;

/** Where a node is: how those who look after it run its tools, listen at its addresses and start programs on it. */
public sealed interface Location {

    /** The network namespace that the node's interfaces are in. */
    NetworkNamespace network();

    /** Runs tools such as {@code ip} on the node. */
    Commands commands();

    /** Makes sockets that listen on the node. */
    ServerSocketFactory sockets();

    /** The words before a command that make it run on the node. */
    List<String> enter();

    /** The node is the machine that this process runs on. */
    record Machine() implements Location {
        @Override
        public NetworkNamespace network() {
            return NetworkNamespace.own();
        }

        @Override
        public Commands commands() {
            return new LocalCommands();
        }

        @Override
        public ServerSocketFactory sockets() {
            return ServerSocketFactory.getDefault();
        }

        @Override
        public List<String> enter() {
            return List.of();
        }
    }

    /**
     * The node is a network namespace of this machine. To enter it needs root.
     *
     * @param name that {@code ip netns} knows it by
     * @param node what its programs take for the name of their host
     */
    record Namespace(String name, NodeName node) implements Location {
        private Path handle() {
            return Path.of("/run/netns", name);
        }

        @Override
        public NetworkNamespace network() {
            return NetworkNamespace.named(name);
        }

        /** {@inheritDoc} They see this machine's {@code /sys}. In a namespace that is not there they cannot be started. */
        @Override
        public Commands commands() {
            return network().commands();
        }

        @Override
        public ServerSocketFactory sockets() {
            return new NamespaceSockets(network());
        }

        @Override
        public List<String> enter() {
            return List.of(NativeFiles.find("scc-enter").toString(), handle().toString(), node.value());
        }
    }
}
