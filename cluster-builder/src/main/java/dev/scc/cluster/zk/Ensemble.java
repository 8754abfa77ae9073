package dev.scc.cluster.zk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servers that keep the tree together: what a majority of them has, is. They agree on each other's numbers because these
 * follow from the names alone.
 *
 * @param members an odd number, at least 3, in the order of their names
 */
public record Ensemble(List<EnsembleMember> members) {
    public Ensemble {
        members = members.stream()
                .sorted(Comparator.comparing(EnsembleMember::name))
                .toList();
        Set<String> seen = new HashSet<>();
        for (EnsembleMember member : members) {
            if (!seen.add(member.name())) {
                throw new IllegalArgumentException("peer " + member.name() + " is named twice");
            }
            Stream.of(member.clients(), member.followers(), member.votes())
                    .map(port -> member.host() + ":" + port)
                    .filter(address -> !seen.add(address))
                    .findFirst()
                    .ifPresent(address -> {
                        throw new IllegalArgumentException("two peers share the address " + address);
                    });
        }
        if (members.size() < 3) {
            throw new IllegalArgumentException(
                    "an ensemble of " + members.size() + " does not survive the loss of a server: name three peers, or"
                            + " leave --peers out for a single server");
        }
        if (members.size() % 2 == 0) {
            throw new IllegalArgumentException("an ensemble of " + members.size() + " survives the loss of no more"
                    + " servers than one of " + (members.size() - 1) + ": name an odd number of peers");
        }
    }

    /**
     * Reads {@code NAME=HOST[:CLIENTS[:FOLLOWERS:VOTES]]} with commas between the members.
     *
     * @throws IllegalArgumentException if the text or the number of members is not usable; the message says why
     */
    public static Ensemble parse(String text) {
        List<EnsembleMember> members = new ArrayList<>();
        for (String member : text.split(",", -1)) {
            members.add(EnsembleMember.parse(member.strip()));
        }
        return new Ensemble(members);
    }

    /** @throws IllegalArgumentException if there is no member of that name */
    public EnsembleMember member(String name) {
        return members.get(index(name));
    }

    /** The name of the first member, whose server makes what all of them share. */
    public String first() {
        return members.getFirst().name();
    }

    /** The member's number in ZooKeeper, from 1. */
    int id(String name) {
        return index(name) + 1;
    }

    private int index(String name) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("this server, " + name + ", is not among the peers " + names());
    }

    /** The members' names with commas between them. */
    String names() {
        return members.stream().map(EnsembleMember::name).collect(Collectors.joining(","));
    }

    /** Where clients find it: {@code host:port} of each member, with commas between them. */
    public String hosts() {
        return members.stream().map(EnsembleMember::address).collect(Collectors.joining(","));
    }
}
