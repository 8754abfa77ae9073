package dev.scc.host;

import dev.scc.host.command.Commands;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.libc.Descriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** The same, for connections that are not served by a thread each. */
    ListeningChannels channels();

    /** The words before a command that make it run on the node, alone. */
    List<String> enter();

    /**
     * Programs that share what programs of one machine do.
     *
     * @throws IOException if that cannot be made
     */
    Company company() throws IOException, InterruptedException;

    /**
     * Programs of a node that see each other: they share System V IPC, by which MPI libraries tell who is on the same machine.
     * When it is closed, those that run go on, and no more can be started.
     */
    interface Company extends AutoCloseable {

        /** The words before a command that make it run on the node, as one of them. */
        List<String> enter();

        @Override
        void close();
    }

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
        public ListeningChannels channels() {
            return ListeningChannels.ofThisProcess();
        }

        @Override
        public List<String> enter() {
            return List.of();
        }

        @Override
        public Company company() {
            return new Everybody();
        }

        /** On one machine all programs share it anyway. */
        private record Everybody() implements Company {
            @Override
            public List<String> enter() {
                return List.of();
            }

            @Override
            public void close() {
                // There is nothing of its own.
            }
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
        public ListeningChannels channels() {
            return new NamespaceSockets(network())::channel;
        }

        @Override
        public List<String> enter() {
            return enter(List.of());
        }

        private List<String> enter(List<String> options) {
            List<String> words = new ArrayList<>();
            words.add(NativeFiles.find("scc-enter").toString());
            words.addAll(options);
            words.add(handle().toString());
            words.add(node.value());
            return List.copyOf(words);
        }

        @Override
        public Company company() throws IOException, InterruptedException {
            return new Together(this, NetworkNamespace.own().inside(Descriptor::newIpcNamespace));
        }

        private record Together(Namespace node, Descriptor ipc) implements Company {
            @Override
            public List<String> enter() {
                return node.enter(List.of("-i", ipc.path().toString()));
            }

            @Override
            public void close() {
                ipc.close();
            }
        }
    }
}
