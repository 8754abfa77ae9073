package dev.scc.cluster.front;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.client.Membership;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcFailed.Kind;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.trust.Rotation;
import dev.scc.cluster.trust.Rotation.Phase;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's part in the replacement of a root. The server that is asked to begin has the new key; the others get it from that
 * one when it signs. The tree says how far it is, and who was given a certificate since. Thread-safe.
 */
public final class RootRotations {
    private static final Logger log = LoggerFactory.getLogger(RootRotations.class);

    private final Tree tree;
    private final Authority authority;
    private final Self self;

    /** What the tree has said last. */
    private volatile Optional<Rotation> current = Optional.empty();

    /**
     * The server that this is.
     *
     * @param peers the names of all servers; empty if there are no others
     * @param reissue has the server show and trust what its authority says now
     */
    public record Self(
            Principal principal, String address, List<String> peers, Connections connections, Reissue reissue) {}

    /** Makes new certificates for a server and its administrator. */
    @FunctionalInterface
    public interface Reissue {
        void run() throws IOException;
    }

    public RootRotations(Tree tree, Authority authority, Self self) {
        this.tree = tree;
        this.authority = authority;
        this.self = self;
    }

    /** The latest rotation, and whom it waits for: those who live, and all people. */
    record State(Optional<Rotation> rotation, List<Principal> behind) {}

    /** Does what a rotation asks of this server; false if that is to be tried again. */
    public synchronized boolean isDone(Rotation rotation) throws ConnectionLost, InterruptedException {
        current = Optional.of(rotation);
        try {
            if (!rotation.isIn(authority.roots())) {
                if (rotation.phase() == Phase.DROPPED
                        && authority.signs(rotation.root()).equals(rotation.after())) {
                    authority.drop(rotation.root());
                } else {
                    authority.replace(Membership.authority(rotation.by(), self.connections()));
                }
                self.reissue().run();
            }
            if (!rotation.isIn(authority.roots())) {
                return false;
            }
            note(self.principal());
            return true;
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("root", rotation.root())
                    .addKeyValue("from", rotation.by())
                    .addKeyValue("why", e.getMessage())
                    .log("the authority's new key was not taken over; tried again in a second");
            return false;
        }
    }

    /** Somebody was given a certificate, and the roots that this server trusts. Nothing is noted if no root is being replaced. */
    void note(Principal principal) throws ConnectionLost, InterruptedException {
        Optional<Rotation> rotation =
                current.filter(latest -> latest.phase() != Phase.DROPPED && latest.isIn(authority.roots()));
        if (rotation.isEmpty()) {
            return;
        }
        String path = Paths.reissued(principal.toString());
        String text = Json.write(rotation.get().step());
        Optional<Entry> there = tree.get(path);
        if (there.isPresent() && there.get().text().equals(text)) {
            return;
        }
        try {
            tree.commit(List.of(there.isEmpty() ? new Op.Create(path, text) : new Op.Set(path, text, Op.ANY)));
        } catch (Conflict e) {
            log.atDebug()
                    .addKeyValue("who", principal)
                    .log("noted by another server at this moment, or the rotation is over");
        }
    }

    State state() throws ConnectionLost, InterruptedException {
        tree.sync();
        Optional<Rotation> rotation = tree.get(TreeEntry.ROTATION.path()).map(entry -> entry.read(Rotation.class));
        return new State(
                rotation,
                rotation.isEmpty() || rotation.get().phase() == Phase.DROPPED ? List.of() : behind(rotation.get()));
    }

    private List<Principal> behind(Rotation rotation) throws ConnectionLost, InterruptedException {
        Map<Principal, Integer> steps = new HashMap<>();
        List<String> marks = tree.children(TreeEntry.REISSUED.path());
        for (Map.Entry<String, Entry> mark :
                tree.get(marks.stream().map(Paths::reissued).toList()).entrySet()) {
            Principal.parse(TreeEntry.REISSUED_ONE.named(mark.getKey()))
                    .ifPresent(who -> steps.put(who, mark.getValue().read(Integer.class)));
        }
        return waitedFor(steps).stream()
                .filter(who -> steps.getOrDefault(who, 0) < rotation.step())
                .toList();
    }

    private List<Principal> waitedFor(Map<Principal, Integer> steps) throws ConnectionLost, InterruptedException {
        List<Principal> all = new ArrayList<>();
        if (self.peers().isEmpty()) {
            all.add(self.principal());
        }
        self.peers().forEach(name -> all.add(new Principal(Role.SERVER, name)));
        List<String> lives = tree.children(TreeEntry.NODES.path()).stream()
                .map(name -> Paths.alive(new NodeName(name)))
                .toList();
        for (String path : tree.get(lives).keySet().stream().sorted().toList()) {
            String name = TreeEntry.ALIVE.named(path);
            all.add(new Principal(Role.NODE, name));
            // One that nobody has ever asked for has nothing to be replaced.
            Principal keeper = new Principal(Role.KEEPER, name);
            if (steps.containsKey(keeper)) {
                all.add(keeper);
            }
        }
        for (String name : tree.children(TreeEntry.USERS.path())) {
            tree.get(Paths.user(name))
                    .map(entry -> entry.read(PersonRecord.class).role())
                    .ifPresent(role -> all.add(new Principal(role, name)));
        }
        return all;
    }

    /**
     * Makes a new root, which everybody is to trust. Again for one that has not signed yet: changes nothing.
     *
     * @param force although another server has made one, which has not signed yet
     */
    synchronized void begin(Root root, boolean force) throws ConnectionLost, RpcFailed, InterruptedException {
        Optional<Rotation> latest = state().rotation();
        if (latest.isPresent() && latest.get().phase() != Phase.DROPPED) {
            Rotation on = latest.get();
            if (on.root() != root || on.phase() == Phase.REISSUING) {
                throw new RpcFailed(
                        Kind.REFUSED,
                        "the root of " + on.root() + " is being replaced: scc root drop " + on.root()
                                + " ends that, once nobody needs the old one");
            }
            if (authority.isPrepared(root) || authority.signs(root).equals(on.after())) {
                return;
            }
            if (!force) {
                throw begunElsewhere(on, ", or begin anew here with --force if that one is lost");
            }
        }
        if (authority.isElsewhere()) {
            throw new RpcFailed(
                    Kind.REFUSED,
                    "the keys of the roots are with the program of --signer, and scc makes no others in their place");
        }
        Fingerprint before = authority.signs(root);
        int step = latest.map(Rotation::step).orElse(0) + 1;
        try {
            Fingerprint after = authority.prepare(root);
            self.reissue().run();
            publish(new Rotation(root, Phase.SPREADING, step, self.address(), before, after));
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    private static RpcFailed begunElsewhere(Rotation on, String or) {
        return new RpcFailed(
                Kind.REFUSED, "the server at " + on.by() + " has the new key: ask that one, --server " + on.by() + or);
    }

    /** Has the new root sign. */
    synchronized void change(Root root, boolean force) throws ConnectionLost, RpcFailed, InterruptedException {
        if (isAt(root, Phase.REISSUING)) {
            return;
        }
        Rotation on = require(root, force, Phase.SPREADING, "have not heard of the new root");
        boolean signs = authority.signs(root).equals(on.after());
        if (!signs && !authority.isPrepared(root)) {
            throw begunElsewhere(on, "");
        }
        try {
            if (!signs) {
                authority.change(root);
            }
            self.reissue().run();
            publish(new Rotation(root, Phase.REISSUING, on.step() + 1, self.address(), on.before(), on.after()));
        } catch (IOException e) {
            throw notWritten(e);
        }
    }

    /** Forgets the old root. */
    synchronized void drop(Root root, boolean force) throws ConnectionLost, RpcFailed, InterruptedException {
        if (isAt(root, Phase.DROPPED)) {
            return;
        }
        Rotation on = require(
                root, force, Phase.REISSUING, "still have a certificate of the old root, or do not know the new one");
        try {
            authority.drop(root);
            self.reissue().run();
            publish(new Rotation(root, Phase.DROPPED, on.step() + 1, self.address(), on.before(), on.after()));
        } catch (IOException e) {
            throw notWritten(e);
        }
        List<Op> gone = new ArrayList<>();
        tree.children(TreeEntry.REISSUED.path()).forEach(name -> gone.add(new Op.Delete(Paths.reissued(name), Op.ANY)));
        try {
            tree.commit(gone);
        } catch (Conflict e) {
            log.atDebug().setCause(e).log("what the rotation has noted is left to the next one");
        }
    }

    /** Who asks again has not heard the answer: the connection may have been of a certificate that counts for nothing now. */
    private boolean isAt(Root root, Phase phase) throws ConnectionLost, InterruptedException {
        return state().rotation()
                .filter(rotation -> rotation.root() == root && rotation.phase() == phase)
                .isPresent();
    }

    private Rotation require(Root root, boolean force, Phase phase, String what)
            throws ConnectionLost, RpcFailed, InterruptedException {
        State state = state();
        Rotation on = state.rotation()
                .filter(rotation -> rotation.root() == root && rotation.phase() == phase)
                .orElseThrow(() -> new RpcFailed(
                        Kind.REFUSED,
                        "the root of " + root + " is not at that point: scc root list shows where it is"));
        if (!force && !state.behind().isEmpty()) {
            throw new RpcFailed(Kind.REFUSED, names(state.behind()) + " " + what);
        }
        return on;
    }

    private static String names(List<Principal> all) {
        int most = 10;
        String names = String.join(
                ", ", all.stream().limit(most).map(Principal::toString).toList());
        return all.size() <= most ? names : names + " and " + (all.size() - most) + " more";
    }

    private void publish(Rotation rotation) throws ConnectionLost, RpcFailed, InterruptedException {
        String path = TreeEntry.ROTATION.path();
        try {
            Optional<Entry> there = tree.get(path);
            String text = Json.write(rotation);
            tree.commit(List.of(
                    there.isEmpty()
                            ? new Op.Create(path, text)
                            : new Op.Set(path, text, there.get().version())));
        } catch (Conflict e) {
            throw new RpcFailed(Kind.BUSY, "somebody else changed this at the same moment; try again");
        }
        log.atInfo()
                .addKeyValue("root", rotation.root())
                .addKeyValue("phase", rotation.phase())
                .addKeyValue("step", rotation.step())
                .log("a root is being replaced");
        current = Optional.of(rotation);
        note(self.principal());
    }

    private static RpcFailed notWritten(IOException e) {
        return new RpcFailed(Kind.REFUSED, "this server cannot write its authority: " + e.getMessage());
    }
}
