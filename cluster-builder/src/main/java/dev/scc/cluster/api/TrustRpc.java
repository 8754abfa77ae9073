package dev.scc.cluster.api;

import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.Bytes;
import dev.scc.cluster.rpc.RpcMethod;
import dev.scc.cluster.trust.AuthorityKeys;
import dev.scc.cluster.trust.Fingerprint;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.trust.Rotation;
import java.util.List;
import java.util.Optional;

/** The methods of a server by which others come in, stay, and are put out. */
public final class TrustRpc {
    public static final String SERVICE = "scc.Trust";

    /** Spends a token and answers with a certificate for the key that was made where it will be used. */
    public static final RpcMethod<Join, Certificate> JOIN = RpcMethod.unary(
                    SERVICE, "Join", Access.ANYBODY, Join.class, Certificate.class)
            .about(join -> join.principal().toString());

    /** A new certificate for whom the caller is already; for an agent also one for its keeper of jobs. */
    public static final RpcMethod<Renew, Certificate> RENEW = RpcMethod.unary(
                    SERVICE, "Renew", Access.KNOWN, Renew.class, Certificate.class)
            .about(renew -> renew.principal().toString());

    /** Makes a token. */
    public static final RpcMethod<Invite, Token> INVITE = RpcMethod.unary(
                    SERVICE, "Invite", Access.ADMINS, Invite.class, Token.class)
            .about(invite -> invite.principal().toString());

    /** People who were ever given a token, and have not been revoked. */
    public static final RpcMethod<ServerRpc.Nothing, People> PEOPLE =
            RpcMethod.unary(SERVICE, "People", Access.ADMINS, ServerRpc.Nothing.class, People.class);

    /** From now on nothing counts that was signed for somebody before. */
    public static final RpcMethod<Revoke, ServerRpc.Nothing> REVOKE = RpcMethod.unary(
                    SERVICE, "Revoke", Access.ADMINS, Revoke.class, ServerRpc.Nothing.class)
            .about(revoke -> revoke.principal().toString());

    /** Gives a server what it needs of the authority in order to sign as the others do. */
    public static final RpcMethod<ServerRpc.Nothing, AuthorityKeys> SHARE =
            RpcMethod.unary(SERVICE, "Share", Access.SERVERS, ServerRpc.Nothing.class, AuthorityKeys.class);

    /** Which roots there are, and how far the replacement of one is. */
    public static final RpcMethod<ServerRpc.Nothing, RootsSaid> ROOTS =
            RpcMethod.unary(SERVICE, "Roots", Access.ADMINS, ServerRpc.Nothing.class, RootsSaid.class);

    /** Takes the replacement of a root one step on. */
    public static final RpcMethod<Rotate, ServerRpc.Nothing> ROTATE = RpcMethod.unary(
                    SERVICE, "Rotate", Access.ADMINS, Rotate.class, ServerRpc.Nothing.class)
            .about(rotate -> rotate.step() + " " + rotate.root());

    /** How the ensemble is reached that holds the tree, if it is somebody else's. */
    public static final RpcMethod<ServerRpc.Nothing, EnsembleSaid> ENSEMBLE =
            RpcMethod.unary(SERVICE, "Ensemble", Access.FABRIC, ServerRpc.Nothing.class, EnsembleSaid.class);

    private TrustRpc() {}

    /** @param foreign empty if it is scc's own */
    public record EnsembleSaid(Optional<ForeignEnsemble> foreign) {}

    /**
     * An ensemble of somebody else's.
     *
     * @param hosts {@code host:port} with commas between them
     * @param trust certificates of the authorities that may have signed its own, in PEM; empty if it speaks plain text
     */
    public record ForeignEnsemble(String hosts, Optional<String> trust) {}

    /** What is done to a root. */
    public enum RotationStep {
        /** Make a new one, and trust it. */
        BEGIN,
        /** Sign with it. */
        CHANGE,
        /** Forget the old one. */
        DROP
    }

    /** @param force although somebody is behind, who is cut off by that */
    public record Rotate(Root root, RotationStep step, boolean force) {}

    /**
     * All that a server trusts.
     *
     * @param rotation the latest one
     * @param behind whom it waits for
     */
    public record RootsSaid(List<RootSaid> roots, Optional<Rotation> rotation, List<Principal> behind) {
        public RootsSaid {
            roots = List.copyOf(roots);
            behind = List.copyOf(behind);
        }
    }

    /** @param signs whether it signs; else it is trusted only */
    public record RootSaid(Root root, Fingerprint fingerprint, boolean signs, long endsMillis) {}

    /**
     * Who wants to come in.
     *
     * @param secret of the token
     * @param key the public key, as X.509 encodes it
     * @param proof that the caller has the private one
     */
    public record Join(Principal principal, String secret, Bytes key, Bytes proof) {}

    /** The same for somebody who is in. */
    public record Renew(Principal principal, Bytes key, Bytes proof) {}

    /** @param pem the certificate, then the roots */
    public record Certificate(String pem) {}

    /**
     * Who may come in.
     *
     * @param address that whoever spends it has to come from; empty for any
     * @param seconds that the token lasts
     * @param person empty for a node or a server
     */
    public record Invite(Principal principal, Optional<String> address, long seconds, Optional<Rights> person) {}

    /** @param text one word, a secret */
    public record Token(String text, long endsMillis) {}

    public record Revoke(Principal principal) {}

    public record People(List<Person> people) {
        public People {
            people = List.copyOf(people);
        }
    }

    public record Person(Principal who, Rights rights) {}
}
