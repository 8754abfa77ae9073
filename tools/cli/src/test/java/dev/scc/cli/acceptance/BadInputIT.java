package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Testbed.class)
@Order(Testbed.LAST)
class BadInputIT {

    @Test
    void illegalNameIsAUsageError(Scc scc) {
        refused(scc.run("create", "Not_A_Name", "--nodes", "2"), 2, "Not_A_Name");
    }

    @Test
    void moreNodesThanFreeIsRefusedWithTheReason(Scc scc) {
        refused(scc.run("create", "big", "--nodes", "5"), 6, "5", "4");
    }

    @Test
    void takenNameAndOverlappingNetworksAreRefused(Scc scc) {
        scc.ok("create", "first", "--nodes", "1", "--vpc-cidr", "172.20.0.0/24", "--rdma-cidr", "10.200.0.0/24");

        refused(scc.run("create", "first", "--nodes", "1"), 1, "first");
        refused(scc.run("create", "second", "--nodes", "1", "--rdma-cidr", "10.200.0.0/16"), 1, "10.200.0.0");
        scc.ok("delete", "first");
    }

    @Test
    void networksThatCannotHoldTheClusterAreRefused(Scc scc) {
        refused(scc.run("create", "tight", "--nodes", "3", "--vpc-cidr", "172.20.0.0/31"), 2, "172.20.0.0/31");
        refused(scc.run("create", "tight", "--nodes", "3", "--rdma-cidr", "10.1.2.3/24"), 2, "10.1.2.0/24");
    }

    @Test
    void unknownClusterIsNamed(Scc scc) {
        refused(scc.run("show", "ghost"), 1, "ghost");
        refused(scc.run("delete", "ghost"), 1, "ghost");
        refused(scc.run("run", "ghost", "--", "true"), 1, "ghost");
        refused(scc.run("verify", "ghost"), 1, "ghost");
    }

    @Test
    void serverThatIsNotThereIsStatusThree(Scc scc) {
        refused(scc.run("--server", "127.0.0.1:9", "--timeout", "3s", "list"), 3, "127.0.0.1:9");
    }

    @Test
    void specFileThatCannotBeReadIsNamed(Scc scc) throws IOException {
        Path broken = Files.writeString(scc.home().resolve("broken.yaml"), "name: [");

        refused(scc.run("create", "x", "-f", "/nowhere/spec.yaml"), 2, "/nowhere/spec.yaml");
        refused(scc.run("create", "x", "-f", broken.toString()), 2, "broken.yaml");
    }

    @Test
    void ranksThatDoNotFitAreRefused(Scc scc) {
        scc.ok("create", "small", "--nodes", "2", "--verify", "off");

        refused(scc.run("run", "small", "-n", "5", "--per-node", "2", "--mpi", "none", "--", "true"), 2, "5", "4");
        refused(scc.run("run", "small", "-n", "0", "--mpi", "none", "--", "true"), 2, "0");
        scc.ok("delete", "small");
    }

    @Test
    void unknownCommandGetsASuggestion(Scc scc) {
        refused(scc.run("craete", "x"), 2, "create");
    }

    @Test
    void secondTestbedOfTheSameNameIsRefused(Scc scc) {
        refused(scc.run("testbed", "up", "--nodes", "1"), 1, "up already");
    }

    private static void refused(CommandResult result, int status, String... words) {
        assertThat(result.status()).as(() -> result.output() + result.errors()).isEqualTo(status);
        assertThat(result.errors()).contains(words).doesNotContain("Exception", "\tat ");
    }
}
