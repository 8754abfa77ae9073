package dev.scc.cluster.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.host.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeopleTest {
    private static final PersonRecord USER = new PersonRecord(Role.USER, Rights.NONE);

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
    }

    @AfterEach
    void stop() {
        zooKeeper.close();
    }

    private void commit(Op... ops) throws Exception {
        zooKeeper.tree().commit(List.of(ops));
    }

    @Test
    void thoseWhoAreKnownAreReadAndWhoCannotBeReadIsUnknown() throws Exception {
        commit(
                new Op.Create(Paths.user("ada"), Json.write(USER)),
                new Op.Create(Paths.user("bob"), "is nothing"),
                new Op.Create(Paths.user("eve"), Json.write(USER)),
                new Op.Set(Paths.user("eve"), Json.write(USER), 0));

        assertThat(People.read(zooKeeper.tree(), List.of("ada", "bob", "dan", "eve")))
                .isEqualTo(Map.of("ada", new Held<>(USER, 0), "eve", new Held<>(USER, 1)));
    }

    @Test
    void whoWasPutOutIsKnownByTheVersionOfThatEntry() throws Exception {
        commit(
                new Op.Create(Paths.revoked("user:ada"), "1"),
                new Op.Create(Paths.revoked("user:eve"), "1"),
                new Op.Set(Paths.revoked("user:eve"), "2", 0),
                new Op.Create(Paths.revoked("node:bob"), "1"));

        assertThat(People.putOuts(zooKeeper.tree(), List.of("ada", "bob", "eve")))
                .isEqualTo(Map.of("ada", 0, "eve", 1));
    }
}
