package dev.scc.cluster.ha;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the tree with ZooKeeper's own client and judges it by its JSON: it shares no code with what it judges. To be asked
 * when nothing is under way; the tree is not read at one instant. The server that it reads from may be the one that a test
 * has just killed or stopped: it then reads anew from another.
 */
final class TreeChecker implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SESSION_MILLIS = 10_000;

    private final String hosts;
    private ZooKeeper zooKeeper;

    TreeChecker(String hosts) throws Exception {
        this.hosts = hosts;
        this.zooKeeper = connect(hosts);
    }

    private static ZooKeeper connect(String hosts) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper zooKeeper = new ZooKeeper(hosts, SESSION_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(Servers.LONG.toSeconds(), TimeUnit.SECONDS)) {
            zooKeeper.close();
            throw new IllegalStateException("no connection to " + hosts);
        }
        return zooKeeper;
    }

    private <T> T patiently(Callable<T> read) {
        AtomicReference<T> result = new AtomicReference<>();
        await().atMost(Servers.LONG)
                .ignoreExceptionsMatching(e -> e instanceof KeeperException.ConnectionLossException
                        || e instanceof KeeperException.SessionExpiredException)
                .until(() -> {
                    if (!zooKeeper.getState().isAlive()) {
                        zooKeeper = connect(hosts);
                    }
                    result.set(read.call());
                    return true;
                });
        return result.get();
    }

    /** Members in a run have names that count up. */
    private static List<String> namesOf(JsonNode run) {
        String first = run.get("node").asString();
        String prefix = first.replaceAll("[0-9]+$", "");
        List<String> names = new ArrayList<>(List.of(first));
        for (int place = 1; place < run.get("count").asInt(); place++) {
            names.add(prefix + (Integer.parseInt(first.substring(prefix.length())) + place));
        }
        return names;
    }

    /** What is wrong; empty if nothing is. */
    List<String> faults() {
        return patiently(this::readFaults);
    }

    private List<String> readFaults() throws Exception {
        List<String> faults = new ArrayList<>();
        Map<String, String> memberOf = new HashMap<>();
        long epoch = Long.parseLong(text("/scc/epoch"));
        for (String cluster : zooKeeper.getChildren("/scc/clusters", false)) {
            JsonNode record = JSON.readTree(text("/scc/clusters/" + cluster));
            int revision = record.get("revision").asInt();
            List<String> members = new ArrayList<>();
            record.get("members").forEach(member -> members.add(member.asString()));
            if (members.size() != record.get("spec").get("nodes").asInt()) {
                faults.add(cluster + " has " + members.size() + " members, not what was asked for");
            }
            List<String> onRoster = new ArrayList<>();
            JSON.readTree(text("/scc/rosters/" + cluster + "/" + revision))
                    .get("members")
                    .forEach(run -> onRoster.addAll(namesOf(run)));
            if (!onRoster.equals(members)) {
                faults.add(cluster + " has members " + members + " but its roster has " + onRoster);
            }
            for (String member : members) {
                String other = memberOf.put(member, cluster);
                if (other != null) {
                    faults.add(member + " is in " + other + " and in " + cluster);
                }
            }
        }
        for (String node : zooKeeper.getChildren("/scc/assign", false)) {
            JsonNode assignment = JSON.readTree(text("/scc/assign/" + node));
            String cluster =
                    assignment.has("cluster") ? assignment.get("cluster").asString() : "";
            boolean serves = assignment.get("is").asString().equals("Serve");
            if (serves != memberOf.containsKey(node) || (serves && !cluster.equals(memberOf.get(node)))) {
                faults.add(node + " is assigned " + assignment + " but is a member of " + memberOf.get(node));
            }
            if (assignment.get("epoch").asLong() > epoch) {
                faults.add(node + " is assigned " + assignment + " in epoch " + epoch);
            }
        }
        return faults;
    }

    /** The version of each entry, but for those of agents' and servers' sessions. */
    Map<String, Integer> versions() {
        return patiently(() -> {
            Map<String, Integer> versions = new TreeMap<>();
            collect("/scc", versions);
            // Each server says there how far its own log goes, whoever leads.
            versions.keySet().removeIf(path -> path.startsWith("/scc/audit/"));
            return versions;
        });
    }

    private void collect(String path, Map<String, Integer> versions) throws Exception {
        Stat stat = new Stat();
        List<String> children;
        try {
            children = zooKeeper.getChildren(path, false, stat);
        } catch (KeeperException.NoNodeException e) {
            return;
        }
        if (stat.getEphemeralOwner() == 0) {
            versions.put(path, stat.getVersion());
        }
        for (String child : children) {
            collect(path + "/" + child, versions);
        }
    }

    private String text(String path) throws Exception {
        return new String(zooKeeper.getData(path, false, null), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            zooKeeper.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
