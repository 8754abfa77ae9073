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
import dev.scc.cluster.world.Revoked;
import dev.scc.host.Json;
import io.grpc.ServerServiceDefinition;
import java.security.PublicKey;
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

    /** Of nodes and keepers: one that is gone for longer comes back by a new token. */
    static final Duration LIFE_OF_NODES = Duration.ofHours(24);

    static final Duration LIFE_OF_PEOPLE = Duration.ofDays(30);

    private static final Duration LONGEST_TOKEN = Duration.ofDays(7);

    private final Tree tree;
    private final TreeReading reading;
    private final Authority authority;
    private final String servers;
    private final InstantSource clock;

    /**
     * A server's.
     *
     * @param connected whether the tree can be reached now
     * @param servers what tokens say about where servers are
     */
    public TrustService(
            Tree tree, BooleanSupplier connected, Authority authority, String servers, InstantSource clock) {
        this.reading = new TreeReading(connected);
        this.tree = tree;
        this.authority = authority;
        this.servers = servers;
        this.clock = clock;
    }

    public ServerServiceDefinition definition() {
        return new RpcService(TrustRpc.SERVICE)
                .unary(TrustRpc.JOIN, (caller, join) -> reading.from(() -> join(caller, join)))
                .unary(TrustRpc.RENEW, (caller, renew) -> reading.from(() -> renew(caller, renew)))
                .unary(TrustRpc.INVITE, (caller, invite) -> reading.from(() -> invite(caller, invite)))
                .unary(TrustRpc.PEOPLE, (_, _) -> reading.from(this::people))
                .unary(TrustRpc.REVOKE, (caller, revoke) -> reading.from(() -> revoke(caller, revoke)))
                .definition();
    }

    private static PublicKey proven(Bytes key, Bytes proof, Principal principal) throws RpcFailed {
        try {
            return KeyProof.check(key.toArray(), proof.toArray(), principal);
        } catch (IllegalArgumentException e) {
            throw new RpcFailed(Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private TrustRpc.Certificate join(Caller caller, TrustRpc.Join join)
            throws ConnectionLost, RpcFailed, InterruptedException {
        Principal principal = join.principal();
        PublicKey key = proven(join.key(), join.proof(), principal);
        String path = Paths.token(JoinToken.hash(join.secret()).hex());
        tree.sync();
        Optional<Entry> entry = tree.get(path);
        if (entry.isEmpty()) {
            throw refused(caller, principal, "the token is unknown or spent: scc token create makes another");
        }
        TrustRecords.Invited invited = entry.get().read(TrustRecords.Invited.class);
        if (!invited.principal().equals(principal)) {
            throw refused(caller, principal, "the token is for somebody else");
        }
        if (clock.millis() > invited.endsMillis()) {
            throw refused(caller, principal, "the token has expired: scc token create makes another");
        }
        if (invited.address().isPresent()
                && !caller.address().startsWith(invited.address().get() + ":")) {
            throw refused(caller, principal, "the token is for somebody at another address");
        }
        try {
            tree.commit(List.of(new Op.Delete(path, entry.get().version())));
        } catch (Conflict e) {
            throw refused(caller, principal, "the token was spent at this moment by somebody else");
        }
        log.atInfo()
                .addKeyValue("who", principal)
                .addKeyValue("from", caller.address())
                .log("joined");
        return signed(principal, key);
    }

    private static RpcFailed refused(Caller caller, Principal principal, String why) {
        log.atWarn()
                .addKeyValue("who", principal)
                .addKeyValue("from", caller.address())
                .addKeyValue("why", why)
                .log("a token was refused");
        return new RpcFailed(Kind.NOT_ENTITLED, why);
    }

    private TrustRpc.Certificate signed(Principal principal, PublicKey key) {
        Duration life = principal.role().isPerson() ? LIFE_OF_PEOPLE : LIFE_OF_NODES;
        return new TrustRpc.Certificate(authority.signedPem(principal, key, life));
    }

    private TrustRpc.Certificate renew(Caller caller, TrustRpc.Renew renew)
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

    private Optional<PersonRecord> known(Principal person) throws ConnectionLost, InterruptedException {
        return tree.get(Paths.user(person.name()))
                .map(entry -> entry.read(PersonRecord.class))
                .filter(known -> known.role() == person.role());
    }

    private TrustRpc.Token invite(Caller caller, TrustRpc.Invite invite)
            throws ConnectionLost, RpcFailed, InterruptedException {
        Principal principal = invite.principal();
        Duration life = Duration.ofSeconds(invite.seconds());
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_TOKEN) > 0) {
            throw new RpcFailed(Kind.INVALID, "a token lasts a second to " + LONGEST_TOKEN.toDays() + " days");
        }
        if (principal.role() == Role.KEEPER || principal.role() == Role.SERVER) {
            throw new RpcFailed(Kind.INVALID, "there are no tokens for a " + principal.role());
        }
        JoinToken token = JoinToken.create(
                principal, servers, Fingerprint.of(authority.roots().servers().getFirst()));
        long ends = clock.millis() + life.toMillis();
        List<Op> ops = new ArrayList<>();
        if (principal.role().isPerson()) {
            ops.add(person(principal, invite.person().orElse(Rights.NONE)));
        }
        ops.add(new Op.Create(
                Paths.token(token.hash().hex()),
                Json.write(new TrustRecords.Invited(principal, invite.address(), ends))));
        try {
            tree.commit(ops);
        } catch (Conflict e) {
            throw new RpcFailed(Kind.BUSY, "somebody else changed this at the same moment; try again");
        }
        log.atInfo()
                .addKeyValue("who", principal)
                .addKeyValue("by", caller.name())
                .log("a token was made");
        return new TrustRpc.Token(token.text(), ends);
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

    private TrustRpc.People people() throws ConnectionLost, InterruptedException {
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

    private ServerRpc.Nothing revoke(Caller caller, TrustRpc.Revoke revoke)
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
