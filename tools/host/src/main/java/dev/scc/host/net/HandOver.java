package dev.scc.host.net;

import dev.scc.host.Ipv6;
import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.Commands;
import dev.scc.host.command.NetworkNamespace;
import dev.scc.host.libc.NetlinkSocket;
import dev.scc.host.net.Netlink.Entry;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the other end of a cable into a network namespace of somebody's. It was made on our side and is moved, and not made there
 * at once: only then has the namespace a number on our side, whose end the kernel tells (RTM_DELNSID) when the namespace is gone.
 */
final class HandOver {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int IFF_UP = 1;

    private final Commands commands;
    private final NetworkNamespace ours;
    private final NetworkNamespace theirs;
    private final HandedLink link;

    /** @param commands run in our namespace */
    HandOver(Commands commands, NetworkNamespace ours, HandedLink link) {
        this.commands = commands;
        this.ours = ours;
        this.theirs = NetworkNamespace.at(Path.of(link.namespace()));
        this.link = link;
    }

    /** How it is there. */
    private enum There {
        AS_IT_HAS_TO_BE,
        OTHERWISE,
        /** Something of ours that is no end of that cable. */
        OLDER,
        SOMEBODY_ELSES,
        NOT
    }

    /**
     * What there is of the cable on our side.
     *
     * @param end number of our end; -1 if it is not there
     * @param other name of the other end; empty if it is elsewhere
     */
    private record Ours(int end, Optional<String> other) {}

    Optional<String> run(boolean again) throws CommandFailed {
        try {
            Optional<String> objection = objection(ours, link.namespace());
            if (objection.isPresent()) {
                return objection;
            }
            Ours there = ours.inside(this::ours);
            return switch (theirs.inside(() -> look(there.end()))) {
                case AS_IT_HAS_TO_BE -> Optional.empty();
                case SOMEBODY_ELSES ->
                    Optional.of(link.namespace() + " has an interface " + link.name() + " that scc has not made");
                case OTHERWISE -> again ? set(there) : gone();
                case OLDER -> again ? instead(there) : gone();
                case NOT -> again ? move(there) : gone();
            };
        } catch (IOException e) {
            throw new CommandFailed("cannot look into " + link.namespace() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted while " + link.name() + " was handed over", e);
        }
    }

    private Optional<String> gone() {
        return Optional.of(
                "the interface is not in " + link.namespace() + " any more, which may be another process's now");
    }

    /** Why nothing can be handed over into that one; empty if it is there. */
    static Optional<String> objection(NetworkNamespace ours, String namespace) throws CommandFailed {
        try {
            String there;
            try {
                there = NetworkNamespace.at(Path.of(namespace)).identity();
            } catch (IOException e) {
                return Optional.of(namespace + " is no network namespace on this node: " + e.getMessage());
            }
            return there.equals(ours.identity())
                    ? Optional.of(namespace + " is the node's own network namespace")
                    : Optional.empty();
        } catch (IOException e) {
            throw new CommandFailed("cannot look at the node's own network namespace: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted while " + namespace + " was looked for", e);
        }
    }

    private Optional<String> instead(Ours there) throws CommandFailed, IOException, InterruptedException {
        theirs.commands()
                .check(Command.of("ip", "link", "del", "dev", link.name()).within(DEADLINE));
        return move(there);
    }

    private Optional<String> move(Ours there) throws CommandFailed, IOException, InterruptedException {
        if (there.other().isEmpty()) {
            // Somebody has moved it on, or given it another name. It is made anew with our end.
            commands.run(Command.of("ip", "link", "del", "dev", link.end()).within(DEADLINE));
            return Optional.of(
                    link.name() + " is not in " + link.namespace() + " as it was put there; it is being made anew");
        }
        try {
            batch(
                    commands,
                    List.of("link set dev %s netns %s name %s"
                            .formatted(there.other().get(), link.namespace(), link.name())));
        } catch (CommandFailed e) {
            return Optional.of("it cannot be put into " + link.namespace() + ": " + e.getMessage());
        }
        return set(there);
    }

    private Optional<String> set(Ours there) throws CommandFailed, IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        lines.add("link set dev %s group %d mtu %d address %s"
                .formatted(link.name(), LinuxMachine.GROUP, link.mtu(), link.mac()));
        if (link.addresses().stream().anyMatch(placed -> placed.address() instanceof Ipv6)) {
            theirs.inside(this::withIpv6);
            lines.add("link set dev " + link.name() + " addrgenmode none");
        }
        link.addresses().forEach(placed -> lines.add(Line.addition(placed.address(), placed.prefix(), link.name())));
        lines.add("link set dev " + link.name() + " alias " + LinuxMachine.MARK + link.owner() + " up");
        batch(theirs.commands(), lines);
        return theirs.inside(() -> look(there.end())) == There.AS_IT_HAS_TO_BE
                ? Optional.empty()
                : Optional.of("it is not in " + link.namespace() + " as it has to be after it was put there");
    }

    /**
     * Runtimes switch IPv6 off in namespaces of whose IPv6 they do not know. What is under {@code /proc/sys/net} is that of whose
     * thread looks.
     */
    private boolean withIpv6() {
        Path settings = Path.of("/proc/sys/net/ipv6/conf", link.name());
        try {
            Files.writeString(settings.resolve("disable_ipv6"), "0");
            Files.writeString(settings.resolve("accept_ra"), "0");
            return true;
        } catch (IOException e) {
            // Where it is read-only, or there is no IPv6, what is added next fails, or not.
            return false;
        }
    }

    private static void batch(Commands where, List<String> lines) throws CommandFailed {
        where.check(Command.of("ip", "-batch", "-")
                .withInput(String.join("\n", lines) + "\n")
                .within(DEADLINE));
    }

    private Ours ours() throws IOException {
        try (Netlink netlink = Netlink.open(NetlinkSocket.ROUTE)) {
            List<Entry> all = netlink.dump(RTM_GETLINK, new byte[16]);
            Optional<Entry> end = all.stream()
                    .filter(entry -> entry.text(3).filter(link.end()::equals).isPresent())
                    .findFirst();
            // If it is in another namespace, the number of that one stands beside its own.
            int other = end.filter(entry -> entry.attribute(37).isEmpty())
                    .map(entry -> entry.number(5))
                    .orElse(-1);
            return new Ours(
                    end.map(entry -> entry.head().getInt(4)).orElse(-1),
                    all.stream()
                            .filter(entry -> entry.head().getInt(4) == other)
                            .findFirst()
                            .flatMap(entry -> entry.text(3)));
        }
    }

    private There look(int end) throws IOException {
        try (Netlink netlink = Netlink.open(NetlinkSocket.ROUTE)) {
            Optional<Entry> there = netlink.dump(RTM_GETLINK, new byte[16]).stream()
                    .filter(entry -> entry.text(3).filter(link.name()::equals).isPresent())
                    .findFirst();
            if (there.isEmpty()) {
                return There.NOT;
            }
            Entry entry = there.get();
            if (entry.number(5) != end || entry.attribute(37).isEmpty()) {
                return entry.number(27) == LinuxMachine.GROUP ? There.OLDER : There.SOMEBODY_ELSES;
            }
            boolean up = (entry.head().getInt(8) & IFF_UP) != 0;
            boolean same = entry.number(4) == link.mtu()
                    && entry.number(27) == LinuxMachine.GROUP
                    && entry.attribute(1)
                            .map(KernelTables::mac)
                            .filter(link.mac()::equals)
                            .isPresent()
                    && entry.text(20)
                            .filter((LinuxMachine.MARK + link.owner())::equals)
                            .isPresent();
            return up && same && hasAddresses(netlink, entry.head().getInt(4))
                    ? There.AS_IT_HAS_TO_BE
                    : There.OTHERWISE;
        }
    }

    private boolean hasAddresses(Netlink netlink, int number) throws IOException {
        Set<HandedLink.Placed> there = new HashSet<>();
        for (Entry entry : netlink.dump(RTM_GETADDR, new byte[8])) {
            if (entry.head().order(ByteOrder.nativeOrder()).getInt(4) == number) {
                KernelTables.local(entry)
                        .ifPresent(address -> there.add(new HandedLink.Placed(
                                address, Byte.toUnsignedInt(entry.head().get(1)))));
            }
        }
        return there.containsAll(link.addresses());
    }
}
