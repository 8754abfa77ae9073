package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.JobEntry;
import dev.scc.cluster.Paths;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.tree.WrittenTree;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunningJobsTest {
    private static final NodeName N1 = new NodeName("n1");
    private static final NodeName N2 = new NodeName("n2");

    private final WrittenTree tree = new WrittenTree();

    @BeforeEach
    void jobs() {
        write(N1, job("j2", "user:grace", N1));
        write(N2, job("j1", "user:ada", N2));
    }

    private void write(NodeName lead, JobEntry job) {
        tree.write(Paths.job(lead, job.job()), Json.write(job));
    }

    private static JobEntry job(String id, String owner, NodeName lead) {
        return new JobEntry(id, new ClusterName("demo"), owner, lead, "Running", 2, 1, 1_000);
    }

    private List<String> seenBy(Caller caller) throws Exception {
        return new RunningJobs(tree)
                .seenBy(caller).jobs().stream().map(JobEntry::job).toList();
    }

    private static Caller caller(Role role, String name) {
        return new Caller(Optional.of(new Principal(role, name)), "127.0.0.1:1", true);
    }

    @Test
    void aUserSeesOnlyHisOwnAndWhoeverSeesEverythingAll() throws Exception {
        assertThat(seenBy(caller(Role.USER, "ada"))).containsExactly("j1");
        assertThat(seenBy(caller(Role.USER, "eve"))).isEmpty();
        for (Role role : List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN)) {
            assertThat(seenBy(caller(role, "op"))).as("%s", role).containsExactly("j2", "j1");
        }
        assertThat(seenBy(new Caller(Optional.empty(), "127.0.0.1:1", false))).containsExactly("j2", "j1");
    }

    @Test
    void whatCannotBeReadOrStandsForAnotherJobIsLeftOut() throws Exception {
        tree.write(Paths.job(N1, "broken"), "{");
        // A node can write what another leads only under its own name.
        tree.write(Paths.job(N1, "j3"), Json.write(job("j3", "user:ada", N2)));
        tree.write(Paths.job(N1, "j4"), Json.write(job("j5", "user:ada", N1)));

        assertThat(seenBy(caller(Role.ADMIN, "root"))).containsExactly("j2", "j1");
    }
}
