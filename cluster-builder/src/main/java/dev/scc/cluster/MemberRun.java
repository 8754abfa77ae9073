package dev.scc.cluster;

import dev.scc.host.HostList;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.util.StdConverter;

/**
 * Members that follow each other in a roster and in whose names and addresses everything goes up by one: how a roster is
 * written. Every agent of a cluster reads the whole roster, so what all of them read grows with the square of the nodes if each
 * member is written out; a rack that was numbered in order is one run.
 *
 * @param count how many, the first included; 1 to {@value HostList#LONGEST}
 * @param node of the first; the number at the end of the name goes up
 * @param underlay of the first, like the other two addresses
 * @param agent of the first; its host goes up if it is an IPv4 address, its port is that of all
 * @param rdmaDevice of all
 * @param rdmaNetdev of all
 */
record MemberRun(
        int count,
        NodeName node,
        Ipv4 underlay,
        String agent,
        Ipv4 vpcAddress,
        Ipv4 rdmaAddress,
        String rdmaDevice,
        String rdmaNetdev) {

    MemberRun {
        if (count < 1 || count > HostList.LONGEST) {
            throw new IllegalArgumentException("a run of " + count + " members from " + node);
        }
    }

    private static MemberRun of(Member first, int count) {
        return new MemberRun(
                count,
                first.node(),
                first.underlay(),
                first.agent(),
                first.vpcAddress(),
                first.rdmaAddress(),
                first.rdmaDevice(),
                first.rdmaNetdev());
    }

    /** The member so many after the first; empty if names cannot go up so far. */
    private Optional<Member> at(int place) {
        Optional<NodeName> name = place == 0 ? Optional.of(node) : node.plus(place);
        return name.map(there -> new Member(
                there,
                underlay.plus(place),
                agent(place),
                vpcAddress.plus(place),
                rdmaAddress.plus(place),
                rdmaDevice,
                rdmaNetdev));
    }

    private String agent(int place) {
        int colon = agent.lastIndexOf(':');
        if (place == 0 || colon < 0) {
            return agent;
        }
        try {
            return Ipv4.parse(agent.substring(0, colon)).plus(place) + agent.substring(colon);
        } catch (IllegalArgumentException e) {
            return agent;
        }
    }

    /** The fewest runs that are these members, in their order. */
    static List<MemberRun> of(List<Member> members) {
        List<MemberRun> runs = new ArrayList<>();
        int start = 0;
        while (start < members.size()) {
            MemberRun alone = of(members.get(start), 1);
            int end = start + 1;
            while (end < members.size()
                    && end - start < HostList.LONGEST
                    && alone.at(end - start).equals(Optional.of(members.get(end)))) {
                end++;
            }
            runs.add(of(members.get(start), end - start));
            start = end;
        }
        return List.copyOf(runs);
    }

    /** @throws IllegalArgumentException if the runs are not members */
    static List<Member> members(List<MemberRun> runs) {
        List<Member> members = new ArrayList<>();
        for (MemberRun run : runs) {
            for (int place = 0; place < run.count(); place++) {
                members.add(run.at(place)
                        .orElseThrow(() -> new IllegalArgumentException("a run of " + run.count() + " members from "
                                + run.node() + ", whose name has no number")));
            }
        }
        return members;
    }

    /** For JSON. */
    static final class FromMembers extends StdConverter<List<Member>, List<MemberRun>> {
        @Override
        public List<MemberRun> convert(List<Member> members) {
            return of(members);
        }
    }

    /** For JSON. */
    static final class ToMembers extends StdConverter<List<MemberRun>, List<Member>> {
        @Override
        public List<Member> convert(List<MemberRun> runs) {
            return members(runs);
        }
    }
}
