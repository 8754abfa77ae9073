package dev.scc.cluster.zk;

import dev.scc.cluster.trust.ForeignKeys;
import java.nio.file.Path;
import java.util.Optional;

/** How the ensemble is reached that holds the tree, and who guards what is in it. */
public sealed interface EnsembleDoor {

    /** scc's own: it lets in servers and nodes of the pool alone, and holds them to the table of who writes what. */
    record Own() implements EnsembleDoor {}

    /**
     * Somebody else's over its TLS. Whom it lets in is its own business, and whoever is in may do everything.
     *
     * @param trust file of certificates of the authorities that may have signed those of the ensemble; host names are verified
     * @param identity file of a key and its certificates, shown where the ensemble asks for one; empty for what the process shows
     *     others of scc
     */
    record Tls(Path trust, Optional<Path> identity) implements EnsembleDoor {
        /** @throws dev.scc.host.UserMistake if a file cannot be used */
        public void check() {
            ForeignKeys.checkTrust(trust);
            identity.ifPresent(ForeignKeys::checkIdentity);
        }
    }

    /** Somebody else's in plain text: whoever reaches it may do everything, and read and change what goes by. */
    record Plain() implements EnsembleDoor {}
}
