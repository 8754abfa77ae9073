package dev.scc.cluster.front;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcFailed.Kind;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.Authority;
import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.JoinToken;
import dev.scc.cluster.trust.KeyProof;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.trust.Roots;
import dev.scc.cluster.trust.SigningFailed;
import dev.scc.cluster.world.Revoked;
import dev.scc.host.Json;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in who shows a token, renews certificates, and puts people and nodes out. Thread-safe. */
public final class TrustService {
    private static final Logger log = LoggerFactory.getLogger(TrustService.class);

    /** Whom a server lets in at each start by what it leaves in its data directory. */
    public static final Principal LOCAL_ADMINISTRATOR = new Principal(Role.ADMIN, "local");

    /** Of nodes and keepers: one that is gone for longer comes back by a new token. */
    static final Duration LIFE_OF_NODES = Duration.ofHours(24);

    /** Until it has the authority: then it signs for itself. */
    private static final Duration LIFE_OF_JOINING_SERVERS = Duration.ofHours(1);

    static final Duration LIFE_OF_PEOPLE = Duration.ofDays(30);

    private static final Duration LONGEST_TOKEN = Duration.ofDays(7);

    private final Tree tree;
    private final TreeReading reading;
    private final BooleanSupplier connected;
    private final NewServers newServers;
    private final RootRotations rotations;
    private final Authority authority;
    private final String servers;
    private final Place place;
    private final InstantSource clock;

    /** Where the tree is. */
    @FunctionalInterface
    public interface Place {
        TrustRpc.EnsembleSaid said() throws IOException;
    }

    /**
     * A server's.
     *
     * @param connected whether the tree can be reached now
     * @param servers what tokens say about where servers are
     * @param place what agents are told about where the tree is
     */
    public TrustService(
            Tree tree,
            BooleanSupplier connected,
            Authority authority,
            NewServers newServers,
            RootRotations rotations,
            String servers,
            Place place,
            InstantSource clock) {
        this.place = place;
        this.connected = connected;
        this.newServers = newServers;
        this.rotations = rotations;
        this.reading = new TreeReading(connected);
        this.tree = tree;
        this.authority = authority;
        this.servers = servers;
        this.clock = clock;
    }

    public ServerServiceDefinition definition() {
        return new RpcService(TrustRpc.SERVICE)
                .unary(TrustRpc.JOIN, this::join)
                .unary(TrustRpc.RENEW, (caller, renew) -> reading.from(() -> renew(caller, renew)))
                .unary(TrustRpc.INVITE, this::invite)
                .unary(TrustRpc.PEOPLE, (_, _) -> reading.from(this::people))
                .unary(TrustRpc.REVOKE, (caller, revoke) -> reading.from(() -> revoke(caller, revoke)))
                .unary(TrustRpc.ROOTS, (_, _) -> reading.from(this::roots))
                .unary(TrustRpc.ROTATE, (_, rotate) -> reading.from(() -> rotate(rotate)))
                .unary(TrustRpc.SHARE, (_, _) -> authority.keys())
                .unary(TrustRpc.ENSEMBLE, (_, _) -> ensemble())
                .definition();
    }

    private TrustRpc.EnsembleSaid ensemble() throws RpcFailed {
        try {
            return place.said();
        } catch (IOException e) {
            throw new RpcFailed(RpcFailed.Kind.FAILED, "this server: " + e.getMessage());
        }
    }

    TrustRpc.RootsSaid roots() throws ConnectionLost, InterruptedException {
        List<TrustRpc.RootSaid> all = new ArrayList<>();
        Roots trusted = authority.roots();
        for (Root root : Root.values()) {
            for (X509Certificate each : trusted.of(root)) {
                Fingerprint fingerprint = Fingerprint.of(each);
                all.add(new TrustRpc.RootSaid(
                        root,
                        fingerprint,
                        fingerprint.equals(authority.signs(root)),
                        each.getNotAfter().toInstant().toEpochMilli()));
            }
        }
        RootRotations.State state = rotations.state();
        return new TrustRpc.RootsSaid(all, state.rotation(), state.behind());
    }

    ServerRpc.Nothing rotate(TrustRpc.Rotate rotate) throws ConnectionLost, RpcFailed, InterruptedException {
        switch (rotate.step()) {
            case BEGIN -> rotations.begin(rotate.root(), rotate.force());
            case CHANGE -> rotations.change(rotate.root(), rotate.force());
            case DROP -> rotations.drop(rotate.root(), rotate.force());
        }
        return new ServerRpc.Nothing();
    }

    private static PublicKey proven(Bytes key, Bytes proof, Principal principal) throws RpcFailed {
        try {
            return KeyProof.check(key.toArray(), proof.toArray(), principal);
        } catch (IllegalArgumentException e) {
            throw new RpcFailed(Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    /** Whoever has a token of a server's is judged without the tree, which may be waiting for that server. */
    TrustRpc.Certificate join(Caller caller, TrustRpc.Join join) throws RpcFailed, InterruptedException {
        Principal principal = join.principal();
        PublicKey key = proven(join.key(), join.proof(), principal);
        Fingerprint hash = JoinToken.hash(join.secret());
        Optional<TrustRpc.Certificate> here = spentHere(caller, principal, key, hash);
        if (here.isPresent()) {
            log.atInfo()
                    .addKeyValue("who", principal)
                    .addKeyValue("from", caller.address())
                    .log("a server joined");
            return here.get();
        }
        if (principal.role() == Role.SERVER && !connected.getAsBoolean()) {
            throw refused(caller, principal, unknown(principal));
        }
        return reading.from(() -> spent(caller, principal, key, hash));
    }

    private Optional<TrustRpc.Certificate> spentHere(
            Caller caller, Principal principal, PublicKey key, Fingerprint hash) throws RpcFailed {
        try {
            Optional<TrustRecords.Invited> invited = newServers.find(hash);
            return invited.isPresent()
                    ? Optional.of(spentHere(caller, principal, key, hash, invited.get()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new RpcFailed(Kind.UNREACHABLE, "this server cannot read its tokens for servers: " + e.getMessage());
        }
    }

    private TrustRpc.Certificate spentHere(
            Caller caller, Principal principal, PublicKey key, Fingerprint hash, TrustRecords.Invited invited)
            throws IOException, RpcFailed {
        require(caller, principal, invited);
        TrustRpc.Certificate certificate = certificate(principal, key);
        if (!newServers.spend(hash)) {
            throw refused(caller, principal, unknown(principal));
        }
        return certificate;
    }

    /** The token is spent last: it is not to be lost where nobody signs. */
    private TrustRpc.Certificate spent(Caller caller, Principal principal, PublicKey key, Fingerprint hash)
            throws ConnectionLost, RpcFailed, InterruptedException {
        String path = Paths.token(hash.hex());
        tree.sync();
        Optional<Entry> entry = tree.get(path);
        if (entry.isEmpty()) {
            throw refused(caller, principal, unknown(principal));
        }
        require(caller, principal, entry.get().read(TrustRecords.Invited.class));
        TrustRpc.Certificate certificate = certificate(principal, key);
        try {
            tree.commit(List.of(new Op.Delete(path, entry.get().version())));
        } catch (Conflict e) {
            throw refused(caller, principal, unknown(principal));
        }
        log.atInfo()
                .addKeyValue("who", principal)
                .addKeyValue("from", caller.address())
                .log("joined");
        rotations.note(principal);
        return certificate;
    }

    private TrustRpc.Certificate certificate(Principal principal, PublicKey key) throws RpcFailed {
        try {
            return new TrustRpc.Certificate(authority.signedPem(principal, key, life(principal.role())));
        } catch (SigningFailed e) {
            log.atError()
                    .addKeyValue("who", principal)
                    .addKeyValue("why", e.getMessage())
                    .log("nobody signs here");
            throw new RpcFailed(
                    Kind.UNREACHABLE, "this server gets no signature for " + principal + ": " + e.getMessage());
        }
    }

    private void require(Caller caller, Principal principal, TrustRecords.Invited invited) throws RpcFailed {
        Optional<String> refusal = invited.refusal(principal, caller.address(), clock.millis());
        if (refusal.isPresent()) {
            throw refused(caller, principal, refusal.get());
        }
    }

    private static String unknown(Principal principal) {
        return "the token is unknown or spent: " + TrustRecords.another(principal);
    }

    private static RpcFailed refused(Caller caller, Principal principal, String why) {
        log.atWarn()
                .addKeyValue("who", principal)
                .addKeyValue("from", caller.address())
                .addKeyValue("why", why)
                .log("a token was refused");
        return new RpcFailed(Kind.NOT_ENTITLED, why);
    }

    TrustRpc.Certificate renew(Caller caller, TrustRpc.Renew renew)
            throws ConnectionLost, RpcFailed, InterruptedException {
        Principal principal = renew.principal();
        Principal self = caller.principal().orElseThrow(() -> new RpcFailed(Kind.NOT_ENTITLED, "who are you?"));
        boolean ownKeeper = self.role() == Role.NODE
                && principal.role() == Role.KEEPER
                && principal.name().equals(self.name());
        if (!self.equals(principal) && !ownKeeper) {
            throw new RpcFailed(Kind.NOT_ENTITLED, self + " gets no certificate for " + principal);
        }
        if (self.role().isPerson() && known(self).isEmpty()) {
            throw new RpcFailed(Kind.NOT_ENTITLED, self + " is not known any more");
        }
        return signed(principal, proven(renew.key(), renew.proof(), principal));
    }

    private TrustRpc.Certificate signed(Principal principal, PublicKey key)
            throws ConnectionLost, RpcFailed, InterruptedException {
        TrustRpc.Certificate certificate = certificate(principal, key);
        rotations.note(principal);
        return certificate;
    }

    private static Duration life(Role role) {
        return switch (role) {
            case SERVER -> LIFE_OF_JOINING_SERVERS;
            case NODE, KEEPER -> LIFE_OF_NODES;
            case ADMIN, OPERATOR, USER, VIEWER -> LIFE_OF_PEOPLE;
        };
    }

    private Optional<PersonRecord> known(Principal person) throws ConnectionLost, InterruptedException {
        return tree.get(Paths.user(person.name()))
                .map(entry -> entry.read(PersonRecord.class))
                .filter(known -> known.role() == person.role());
    }

    TrustRpc.Token invite(Caller caller, TrustRpc.Invite invite) throws RpcFailed, InterruptedException {
        Principal principal = invite.principal();
        Duration life = Duration.ofSeconds(invite.seconds());
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_TOKEN) > 0) {
            throw new RpcFailed(Kind.INVALID, "a token lasts a second to " + LONGEST_TOKEN.toDays() + " days");
        }
        JoinToken token = JoinToken.create(
                principal, servers, Fingerprint.of(authority.roots().servers().getFirst()));
        TrustRecords.Invited invited =
                new TrustRecords.Invited(principal, invite.address(), clock.millis() + life.toMillis());
        switch (principal.role()) {
            case SERVER -> inviteServer(caller, token, invited);
            case KEEPER -> throw new RpcFailed(Kind.INVALID, "there are no tokens for a keeper: its agent lets it in");
            case NODE -> reading.from(() -> invite(token, invited, List.of()));
            case ADMIN, OPERATOR, USER, VIEWER ->
                reading.from(() -> invite(
                        token,
                        invited,
                        List.of(person(principal, invite.person().orElse(Rights.NONE)))));
        }
        log.atInfo()
                .addKeyValue("who", principal)
                .addKeyValue("by", caller.name())
                .log("a token was made");
        return new TrustRpc.Token(token.text(), invited.endsMillis());
    }

    private ServerRpc.Nothing invite(JoinToken token, TrustRecords.Invited invited, List<Op> also)
            throws ConnectionLost, RpcFailed, InterruptedException {
        List<Op> ops = new ArrayList<>(also);
        ops.add(new Op.Create(Paths.token(token.hash().hex()), Json.write(invited)));
        try {
            tree.commit(ops);
        } catch (Conflict e) {
            throw new RpcFailed(Kind.BUSY, "somebody else changed this at the same moment; try again");
        }
        return new ServerRpc.Nothing();
    }

    /**
     * Without the tree nobody knows who was put out. The administrator whom this server lets in at its start has read its
     * authority's keys beside his own, so that putting him out would not help.
     */
    private void inviteServer(Caller caller, JoinToken token, TrustRecords.Invited invited) throws RpcFailed {
        if (caller.guarded()
                && !connected.getAsBoolean()
                && !caller.principal().equals(Optional.of(LOCAL_ADMINISTRATOR))) {
            throw new RpcFailed(
                    Kind.NOT_ENTITLED,
                    "while this server has no connection to ZooKeeper, only " + LOCAL_ADMINISTRATOR
                            + " makes tokens for servers: use the credentials in its data directory");
        }
        Optional<String> refusal = newServers.refusal(token.principal());
        if (refusal.isPresent()) {
            throw new RpcFailed(Kind.REFUSED, refusal.get());
        }
        try {
            newServers.add(token.hash(), invited);
        } catch (IOException e) {
            throw new RpcFailed(Kind.REFUSED, "this server cannot keep the token: " + e.getMessage());
        }
    }

    private Op person(Principal principal, Rights rights) throws ConnectionLost, RpcFailed, InterruptedException {
        String path = Paths.user(principal.name());
        String text = Json.write(new PersonRecord(principal.role(), rights));
        Optional<Entry> entry = tree.get(path);
        if (entry.isEmpty()) {
            return new Op.Create(path, text);
        }
        Role role = entry.get().read(PersonRecord.class).role();
        if (role != principal.role()) {
            throw new RpcFailed(
                    Kind.REFUSED,
                    principal.name() + " is known as " + role + ": scc user revoke " + principal.name()
                            + " first, if that is to change");
        }
        return new Op.Set(path, text, entry.get().version());
    }

    TrustRpc.People people() throws ConnectionLost, InterruptedException {
        tree.sync();
        List<TrustRpc.Person> people = new ArrayList<>();
        for (String name : tree.children(TreeEntry.USERS.path())) {
            tree.get(Paths.user(name))
                    .map(entry -> entry.read(PersonRecord.class))
                    .ifPresent(known ->
                            people.add(new TrustRpc.Person(new Principal(known.role(), name), known.rights())));
        }
        return new TrustRpc.People(people);
    }

    ServerRpc.Nothing revoke(Caller caller, TrustRpc.Revoke revoke)
            throws ConnectionLost, RpcFailed, InterruptedException {
        Principal principal = revoke.principal();
        if (caller.principal().filter(principal::equals).isPresent()) {
            throw new RpcFailed(Kind.REFUSED, "nobody puts himself out");
        }
        String text = Json.write(new Revoked(clock.millis()));
        try {
            List<Op> ops = new ArrayList<>();
            String path = Paths.revoked(principal.toString());
            ops.add(tree.get(path).isEmpty() ? new Op.Create(path, text) : new Op.Set(path, text, Op.ANY));
            if (principal.role().isPerson()) {
                if (known(principal).isEmpty()) {
                    throw new RpcFailed(Kind.REFUSED, "nobody of that name and role is known");
                }
                ops.add(new Op.Delete(Paths.user(principal.name()), Op.ANY));
            }
            tree.commit(ops);
        } catch (Conflict e) {
            throw new RpcFailed(Kind.BUSY, "somebody else changed this at the same moment; try again");
        }
        log.atInfo()
                .addKeyValue("who", principal)
                .addKeyValue("by", caller.name())
                .log("revoked");
        return new ServerRpc.Nothing();
    }
}
