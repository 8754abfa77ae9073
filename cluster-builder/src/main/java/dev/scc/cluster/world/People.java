package dev.scc.cluster.world;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the tree holds of people. */
public final class People {
    private static final Logger log = LoggerFactory.getLogger(People.class);

    private People() {}

    /** Those of them that are known, by their names. One whose entry cannot be read is as good as unknown. */
    public static Map<String, Held<PersonRecord>> read(Tree tree, Collection<String> names)
            throws ConnectionLost, InterruptedException {
        Map<String, Held<PersonRecord>> known = new HashMap<>();
        tree.get(names.stream().map(Paths::user).toList()).forEach((path, entry) -> {
            try {
                PersonRecord person = entry.read(PersonRecord.class);
                known.put(TreeEntry.USER.named(path), new Held<>(person, entry.version()));
            } catch (IllegalArgumentException e) {
                log.atError()
                        .addKeyValue("path", path)
                        .addKeyValue("why", e.getMessage())
                        .log("an entry about a person cannot be read");
            }
        });
        return known;
    }

    /**
     * The versions of the entries that say that these users were once put out, by their names, without those who never were.
     * To be read before {@link #read}: else somebody who is put out and let in again in between is taken for who he was.
     */
    public static Map<String, Integer> putOuts(Tree tree, Collection<String> users)
            throws ConnectionLost, InterruptedException {
        Map<String, String> paths = users.stream()
                .collect(Collectors.toMap(
                        user -> Paths.revoked(new Principal(Role.USER, user).toString()), Function.identity()));
        Map<String, Integer> versions = new HashMap<>();
        tree.get(List.copyOf(paths.keySet()))
                .forEach((path, entry) -> versions.put(Objects.requireNonNull(paths.get(path)), entry.version()));
        return versions;
    }
}
