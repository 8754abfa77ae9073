package dev.scc.cli.command;

import dev.scc.cli.view.RootsView;
import dev.scc.cluster.api.TrustRpc;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Root;
import dev.scc.cluster.trust.Rotation;
import dev.scc.host.UserMistake;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** What servers say of roots, as it is shown, and roots as they are named. */
final class RootAnswers {
    private static final int FEW = 10;

    private RootAnswers() {}

    /** @throws UserMistake if there is no such root */
    static Root root(String text) {
        return Arrays.stream(Root.values())
                .filter(root -> root.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new UserMistake("there is no root \"" + text + "\": servers or members"));
    }

    static RootsView view(TrustRpc.RootsSaid said) {
        return new RootsView(
                said.roots().stream()
                        .map(root -> new RootsView.Row(
                                root.root().toString(),
                                root.fingerprint().hex(),
                                root.signs() ? "signs" : "trusted",
                                Instant.ofEpochSecond(root.endsMillis() / 1000).toString()))
                        .toList(),
                said.rotation().map(RootAnswers::words).orElse(""),
                said.behind().stream().map(Principal::toString).toList());
    }

    private static String words(Rotation rotation) {
        return switch (rotation.phase()) {
            case SPREADING -> "a new root of " + rotation.root() + " is made known, the old one signs";
            case REISSUING -> "the new root of " + rotation.root() + " signs, the old one is trusted";
            case DROPPED -> "the root of " + rotation.root() + " was replaced";
        };
    }

    /** Some of them, for messages. */
    static String few(List<Principal> all) {
        String names = String.join(
                ", ", all.stream().limit(FEW).map(Principal::toString).toList());
        return all.size() <= FEW ? names : names + " and " + (all.size() - FEW) + " more";
    }
}
