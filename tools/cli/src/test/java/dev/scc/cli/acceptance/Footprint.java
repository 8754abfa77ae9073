package dev.scc.cli.acceptance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** All that a cluster or a job could leave on a node, in the words of the kernel's own tools. */
record Footprint(Map<String, String> parts) {

    private static final String SCRIPT = """
            echo '@links'; ip -o link | sed -E 's/^[0-9]+: //; s/ (qdisc|state|mode|group|qlen) [^ ]+//g' | sort
            echo '@addresses'; ip -o addr | awk '{print $2, $3, $4}' | sort
            echo '@fdb'; bridge fdb | sort
            echo '@neighbours'; ip neigh show nud permanent | sort
            echo '@routes'; ip route show table all | grep -v '^local\\|^broadcast\\|multicast\\|anycast' | sort
            echo '@nft'; nft -j list ruleset
            echo '@rdma'; rdma -j link
            echo '@gids'; cat /sys/class/infiniband/*/ports/1/gid_attrs/ndevs/* 2>/dev/null | sort
            echo '@cgroups'; find /sys/fs/cgroup -mindepth 1 -type d | sort
            echo '@processes'; ps -eo pid,ppid,args --no-headers | awk '$1 != 2 && $2 != 2' \
              | grep -vE ' (sh -c|ps -eo|awk|grep|sed|sort) ?' | sed -E 's/^ *[0-9]+ +[0-9]+ //' | grep -v guest-exec | sort
            """;

    static Footprint of(Scc scc, String node) {
        Map<String, String> parts = new LinkedHashMap<>();
        String part = "";
        for (String line : scc.onNodeOk(node, SCRIPT).lines().toList()) {
            if (line.startsWith("@")) {
                part = line.substring(1);
                parts.put(part, "");
            } else {
                parts.merge(part, line + "\n", String::concat);
            }
        }
        return new Footprint(parts);
    }

    static Map<String, Footprint> ofAll(Scc scc) {
        Map<String, Footprint> all = new TreeMap<>();
        for (String node : Testbed.NODES) {
            all.put(node, of(scc, node));
        }
        return all;
    }
}
