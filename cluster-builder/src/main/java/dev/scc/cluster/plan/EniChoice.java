package dev.scc.cluster.plan;

import dev.scc.cluster.Request;
import dev.scc.cluster.world.Vpc;
import dev.scc.host.Cidr;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.vpc.AddressPlan;
import dev.scc.vpc.EniAddresses;
import dev.scc.vpc.VpcNetwork;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which addresses an ENI gets that is attached. Pure. In a VPC with IPv6 the address of IPv6 with the number of an IPv4 host's is
 * that host's, whether it has it or not, so members of clusters and ENIs get theirs without a look at those of others. Whoever
 * asks for another gets one with a higher number.
 */
record EniChoice(Request.EniAttach attach, Vpc vpc) {

    /** What is asked for by name. */
    private List<Ip> asked() {
        return Stream.concat(attach.address().stream(), attach.more().stream()).toList();
    }

    private VpcNetwork network() {
        return vpc.value().network();
    }

    /** Why it cannot have what is asked for; empty if it can. */
    Optional<String> objection() {
        List<Ip> asked = asked();
        if (asked.size() > EniAddresses.MOST) {
            return Optional.of("--ip is given " + asked.size() + " times, and an ENI has " + EniAddresses.MOST
                    + " addresses at most");
        }
        Set<Ip> seen = new HashSet<>();
        for (Ip address : asked) {
            if (!seen.add(address)) {
                return Optional.of("--ip " + address + " is given twice");
            }
            Optional<String> why = outside(address).or(() -> taken(address));
            if (why.isPresent()) {
                return why;
            }
        }
        return primary().flatMap(this::taken).or(this::another).or(this::tooMany);
    }

    private Optional<String> outside(Ip address) {
        if (address instanceof Ipv6 && vpc.value().cidr6().isEmpty()) {
            return Optional.of("--ip " + address + ": VPC " + vpc.value().name()
                    + " has no IPv6, which scc vpc create --cidr6 gives one from its begin");
        }
        return network().hosts(address)
                ? Optional.empty()
                : Optional.of("--ip " + address + " is not a host address of "
                        + (address instanceof Ipv4
                                ? vpc.value().cidr()
                                : vpc.value().cidr6().orElseThrow()));
    }

    private Optional<String> taken(Ip address) {
        return vpc.holdings().values().stream()
                .filter(held -> held.value().addresses().contains(address))
                .findFirst()
                .map(held -> "--ip " + address + " is taken by " + held.value().who());
    }

    /** The primary one, if that follows from what is asked for: the first of IPv4, or the one that goes with one of IPv6. */
    private Optional<Ipv4> primary() {
        return asked().stream()
                .filter(Ipv4.class::isInstance)
                .map(Ipv4.class::cast)
                .findFirst()
                .or(() -> asked().stream()
                        .flatMap(six -> network().ipv4Of((Ipv6) six).stream())
                        .findFirst());
    }

    /** An address of IPv6 that goes with another host's. */
    private Optional<String> another() {
        Set<Ip> own = new HashSet<>(asked());
        primary().ifPresent(own::add);
        return asked().stream()
                .filter(Ipv6.class::isInstance)
                .filter(six -> network()
                        .ipv4Of((Ipv6) six)
                        .filter(host -> !own.contains(host))
                        .isPresent())
                .findFirst()
                .map(six -> "--ip " + six + " goes with "
                        + network().ipv4Of((Ipv6) six).orElseThrow() + ", and is for who has that; from "
                        + vpc.value()
                                .cidr6()
                                .orElseThrow()
                                .base()
                                .plus(vpc.value().cidr().hosts() + 1)
                        + " on they go with none");
    }

    private Optional<String> tooMany() {
        boolean four = asked().stream().anyMatch(Ipv4.class::isInstance);
        boolean six = vpc.value().cidr6().isEmpty() || asked().stream().anyMatch(Ipv6.class::isInstance);
        int all = asked().size() + (four ? 0 : 1) + (six ? 0 : 1);
        return all > EniAddresses.MOST
                ? Optional.of("with the addresses of IPv4 and IPv6 that each ENI of VPC "
                        + vpc.value().name() + " has, it would have " + all + " of them, and has "
                        + EniAddresses.MOST + " at most")
                : Optional.empty();
    }

    /**
     * All of them.
     *
     * @throws Unavailable if no address of IPv4 is free
     */
    EniAddresses addresses() {
        Ipv4 first = primary().orElseGet(this::free);
        List<Ip> more = new ArrayList<>(asked());
        more.remove(first);
        if (more.stream().noneMatch(Ipv6.class::isInstance)) {
            network().ipv6Of(first).ifPresent(more::add);
        }
        return new EniAddresses(first, more);
    }

    /** A container has the same one each time, unless another has that. */
    private Ipv4 free() {
        Cidr cidr = vpc.value().cidr();
        return attach.attachment()
                .map(whose -> AddressPlan.hostFrom(cidr, whose.preferred(cidr.hosts()), vpc.taken()))
                .orElseGet(() -> AddressPlan.hosts(cidr, 1, vpc.taken()).getFirst());
    }
}
