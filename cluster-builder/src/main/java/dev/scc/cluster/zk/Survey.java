package dev.scc.cluster.zk;

import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.EntryFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.EphemeralType;

/** Looks at many entries without reading them, some hundred at a time. What has gone meanwhile is left out. */
record Survey(Calls calls) {
    private static final int AT_ONCE = 256;

    /** Asks for one path; {@code end} is to be called when that is over. */
    @FunctionalInterface
    private interface Question {
        void ask(String path, End end);
    }

    @FunctionalInterface
    private interface End {
        void with(int code);
    }

    Map<String, EntryFacts> facts(Collection<String> paths) throws ConnectionLost, InterruptedException {
        Map<String, EntryFacts> found = new ConcurrentHashMap<>();
        each(
                paths,
                (path, end) -> calls.handle()
                        .getACL(
                                path,
                                new Stat(),
                                (code, _, _, access, stat) -> {
                                    if (code == KeeperException.Code.OK.intValue()) {
                                        found.put(path, facts(access, stat));
                                    }
                                    end.with(code);
                                },
                                null));
        return new TreeMap<>(found);
    }

    Map<String, List<String>> children(Collection<String> paths) throws ConnectionLost, InterruptedException {
        Map<String, List<String>> found = new ConcurrentHashMap<>();
        each(
                paths,
                (path, end) -> calls.handle()
                        .getChildren(
                                path,
                                false,
                                (code, _, _, names) -> {
                                    if (code == KeeperException.Code.OK.intValue()) {
                                        found.put(path, names.stream().sorted().toList());
                                    }
                                    end.with(code);
                                },
                                null));
        return new TreeMap<>(found);
    }

    private void each(Collection<String> paths, Question question) throws ConnectionLost, InterruptedException {
        List<String> all = new ArrayList<>(paths);
        AtomicReference<KeeperException.Code> trouble = new AtomicReference<>(KeeperException.Code.OK);
        for (int begin = 0; begin < all.size(); begin += AT_ONCE) {
            List<String> some = all.subList(begin, Math.min(all.size(), begin + AT_ONCE));
            CountDownLatch open = new CountDownLatch(some.size());
            for (String path : some) {
                question.ask(path, code -> {
                    KeeperException.Code known = KeeperException.Code.get(code);
                    if (known != KeeperException.Code.OK && known != KeeperException.Code.NONODE) {
                        trouble.set(known);
                    }
                    open.countDown();
                });
            }
            open.await();
            if (trouble.get() != KeeperException.Code.OK) {
                throw calls.lost("looking at " + all.size() + " entries", KeeperException.create(trouble.get()));
            }
        }
    }

    private static EntryFacts facts(List<ACL> access, Stat stat) {
        EntryFacts.Life life = switch (EphemeralType.get(stat.getEphemeralOwner())) {
            case VOID -> EntryFacts.Life.PERSISTENT;
            case NORMAL -> EntryFacts.Life.SESSION;
            case CONTAINER, TTL -> EntryFacts.Life.OTHER;
        };
        return new EntryFacts(stat.getDataLength(), stat.getNumChildren(), life, meaning(access), text(access));
    }

    private static EntryFacts.Access meaning(List<ACL> access) {
        if (access.equals(Transactions.access(true))) {
            return EntryFacts.Access.TABLE;
        }
        return access.stream().anyMatch(one -> one.getId().getScheme().equals("world"))
                ? EntryFacts.Access.OPEN
                : EntryFacts.Access.OTHER;
    }

    /** As {@code world:anyone:cdrwa}. */
    private static String text(List<ACL> access) {
        return access.stream()
                .map(one -> one.getId().getScheme() + ":" + one.getId().getId() + ":" + permissions(one.getPerms()))
                .collect(Collectors.joining(","));
    }

    private static String permissions(int bits) {
        StringBuilder letters = new StringBuilder();
        append(letters, bits, ZooDefs.Perms.CREATE, 'c');
        append(letters, bits, ZooDefs.Perms.DELETE, 'd');
        append(letters, bits, ZooDefs.Perms.READ, 'r');
        append(letters, bits, ZooDefs.Perms.WRITE, 'w');
        append(letters, bits, ZooDefs.Perms.ADMIN, 'a');
        return letters.toString();
    }

    private static void append(StringBuilder letters, int bits, int bit, char letter) {
        if ((bits & bit) != 0) {
            letters.append(letter);
        }
    }
}
