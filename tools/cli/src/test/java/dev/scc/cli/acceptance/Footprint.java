package dev.scc.cli.acceptance;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All that a cluster or a job could leave on the nodes, in the words of the kernel's own tools: a line for each thing. What an
 * agent's pass runs at that moment to look at its node is not left by anybody.
 */
record Footprint(SortedSet<String> lines) {

    /** For nodes that share all but their networks with other nodes. */
    private static final String NETWORKS = """
            echo '@link'; ip -o link | sed -E 's/^[0-9]+: //; s/ (qdisc|state|mode|group|qlen) [^ ]+//g'
            echo '@address'; ip -o addr | awk '{print $2, $3, $4}'
            echo '@fdb'; bridge fdb
            echo '@neighbour'; ip neigh show nud permanent
            echo '@route'; ip route show table all | grep -vE '^(local|broadcast|multicast|anycast)'
            echo '@nft'; nft list ruleset
            """;

    private static final String MACHINE = """
            echo '@rdma'; rdma link | sed -E 's/^link //'; rdma resource show qp | grep -v 'type GSI'; rdma resource show cm_id
            echo '@gid'; cat /sys/class/infiniband/*/ports/1/gid_attrs/ndevs/* 2>/dev/null | sort | uniq -c
            echo '@cgroup'; find /sys/fs/cgroup -mindepth 1 -type d
            echo '@file'; ls /dev/shm /run/scc* /var/lib/scc*-stages -d 2>/dev/null
            echo '@process'; ps -eo ppid,args --no-headers | awk '$1 != 2' \
              | sed -E 's/^ *[0-9]+ +//; s/^([^ ]*java) .*(dev.scc[^ ]+) ([a-z]+).*/\\1 \\2 \\3/' \
              | grep -vE '^(sh -c|ps -eo|awk|grep|sed|ip -|bridge -|nft -|rdma -|\\[|.*guest-exec)'; true
            """;

    static Footprint ofAll(Scc scc) {
        return of(scc, Testbed.NODES, NETWORKS + MACHINE);
    }

    /** Only what the nodes' networks show. */
    static Footprint ofNetworks(Scc scc, List<String> nodes) {
        return of(scc, nodes, NETWORKS);
    }

    private static Footprint of(Scc scc, List<String> nodes, String script) {
        SortedSet<String> lines = new TreeSet<>();
        for (String node : nodes) {
            String part = "";
            for (String line : scc.onNodeOk(node, script).lines().toList()) {
                if (line.startsWith("@")) {
                    part = line.substring(1);
                } else {
                    lines.add(node + " " + part + ": " + line.strip());
                }
            }
        }
        return new Footprint(lines);
    }

    /** What the later footprint has more or less than this one; empty if nothing was left and nothing was lost. */
    List<String> differencesTo(Footprint later) {
        return Stream.concat(
                        later.lines.stream()
                                .filter(line -> !lines.contains(line))
                                .map(line -> "left: " + line),
                        lines.stream()
                                .filter(line -> !later.lines.contains(line))
                                .map(line -> "lost: " + line))
                .toList();
    }
}
