package dev.scc.vpc;

import dev.scc.host.Cidr;
import dev.scc.host.Ip;
import dev.scc.host.IpNetwork;
import dev.scc.host.Ipv4;
import dev.scc.vpc.GroupRule.Direction;
import dev.scc.vpc.GroupRule.Peer;
import dev.scc.vpc.Traffic.Ports;
import dev.scc.vpc.Traffic.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Security groups, and who is in them, out of a seed: few addresses and few ports, so that rules often meet what is tried. */
record RandomGroups(Map<GroupName, SecurityGroup> groups, Map<Ip, List<GroupName>> in) {
    static final int FIRST_PORT = 7_001;
    static final int LAST_PORT = 7_003;

    private static final List<Protocol> PROTOCOLS = List.of(Protocol.values());

    static RandomGroups of(Random random, Cidr vpc, List<Ipv4> addresses) {
        return of(random, List.of(vpc), addresses.stream().map(List::<Ip>of).toList());
    }

    /** @param enis the addresses of each, which are in the same groups */
    static RandomGroups of(Random random, List<IpNetwork> vpc, List<List<Ip>> enis) {
        List<Ip> addresses = enis.stream().flatMap(List::stream).toList();
        List<GroupName> names = List.of(new GroupName("a"), new GroupName("b"), new GroupName("c"));
        Map<GroupName, SecurityGroup> groups = new TreeMap<>();
        for (GroupName name : names) {
            List<GroupRule> rules = new ArrayList<>();
            for (int count = random.nextInt(5); count > 0; count--) {
                rules.add(rule(random, vpc, addresses, names));
            }
            groups.put(name, new SecurityGroup(name, rules));
        }
        Map<Ip, List<GroupName>> in = new TreeMap<>();
        for (List<Ip> eni : enis) {
            Set<GroupName> some = new TreeSet<>();
            for (int count = random.nextInt(3); count > 0; count--) {
                some.add(names.get(random.nextInt(names.size())));
            }
            eni.forEach(address -> in.put(address, List.copyOf(some)));
        }
        return new RandomGroups(groups, in);
    }

    private static GroupRule rule(Random random, List<IpNetwork> vpc, List<Ip> addresses, List<GroupName> names) {
        Peer peer = switch (random.nextInt(4)) {
            case 0 -> {
                IpNetwork network = vpc.get(random.nextInt(vpc.size()));
                yield new Peer.Network(random.nextBoolean() ? network : all(network));
            }
            case 1 -> {
                Ip address = addresses.get(random.nextInt(addresses.size()));
                yield new Peer.Network(IpNetwork.parse(address + "/" + address.length()));
            }
            default -> new Peer.Group(names.get(random.nextInt(names.size())));
        };
        List<Protocol> fitting = PROTOCOLS.stream()
                .filter(protocol -> !(peer instanceof Peer.Network network)
                        || protocol.fits(network.cidr().base()))
                .toList();
        Protocol protocol = fitting.get(random.nextInt(fitting.size()));
        Optional<Ports> ports = Optional.empty();
        if (protocol.hasPorts() && random.nextInt(4) > 0) {
            int first = FIRST_PORT - 1 + random.nextInt(4);
            ports = Optional.of(new Ports(first, first + random.nextInt(3)));
        }
        return new GroupRule(random.nextBoolean() ? Direction.IN : Direction.OUT, new Traffic(protocol, ports), peer);
    }

    private static IpNetwork all(IpNetwork network) {
        return IpNetwork.parse(network instanceof Cidr ? "0.0.0.0/0" : "::/0");
    }

    List<SecurityGroup> of(Ip address) {
        return in.getOrDefault(address, List.of()).stream().map(this::group).toList();
    }

    private SecurityGroup group(GroupName name) {
        return Optional.ofNullable(groups.get(name)).orElseThrow();
    }

    Map<GroupName, Set<Ip>> members() {
        Map<GroupName, Set<Ip>> members = new TreeMap<>();
        in.forEach((address, names) -> names.forEach(
                name -> members.computeIfAbsent(name, _ -> new TreeSet<>()).add(address)));
        return members;
    }

    Reach reach(Ip from, Ip to, Traffic what) {
        return Reach.of(
                new Reach.End(from.toString(), from, of(from)),
                new Reach.End(to.toString(), to, of(to)),
                what,
                members());
    }

    /** The filter of an address; empty if it has none. */
    Optional<EniFilter> filter(String device, Ip address) {
        return of(address).isEmpty() ? Optional.empty() : Optional.of(new EniFilter(device, of(address), members()));
    }
}
