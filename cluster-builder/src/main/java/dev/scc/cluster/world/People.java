package dev.scc.cluster.world;

import dev.scc.cluster.Paths;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.PersonRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
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
}
