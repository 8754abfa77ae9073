package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.host.command.CommandResult;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What somebody has left on real nodes goes, and what is in use stays. An agent may be quicker than the command: either is well. */
@ExtendWith(Testbed.class)
@Order(Testbed.LAST)
class GcIT {

    @Test
    void whatIsLeftOnNodesGoesAndAClusterInUseIsNotTouched(Scc scc) {
        Footprint before = Footprint.ofAll(scc);
        scc.ok("create", "kept", "--nodes", "2", "--verify", "off");
        // From now on its nodes have keepers.
        scc.ok("run", "kept", "--mpi", "none", "--", "true");
        Footprint inUse = Footprint.ofAll(scc);
        scc.onNodeOk("n1", "ip link add link eth1 name eth1.99 type vlan id 99; ip link set eth1.99 alias scc:ghost");
        scc.onNodeOk("n4", "ip link add link eth1 name eth1.98 type vlan id 98; ip link set eth1.98 alias scc:ghost");
        scc.onNodeOk("n4", "nft add table inet scc_ghost; mkdir -p /run/scc/jobs/ghost-1 /sys/fs/cgroup/scc/ghost-1");

        JsonNode gc = scc.json("gc");

        assertThat(gc.get("dryRun").asBoolean()).isFalse();
        assertThat(gc.get("unasked")).isEmpty();
        assertThat(gc.get("items").toString()).contains("ghost-1").doesNotContain("\"left\"");
        assertThat(scc.ok("gc", "--dry-run")).isEqualTo("nothing is left\n");
        assertThat(inUse.differencesTo(Footprint.ofAll(scc))).isEmpty();
        assertThat(scc.json("show", "kept").get("phase").asString()).isEqualTo("Ready");
        scc.ok("delete", "kept");
        assertThat(before.differencesTo(Footprint.ofAll(scc))).isEmpty();
    }

    @Test
    void nodeWhoseAgentLivesIsNotTakenOutOfThePool(Scc scc) {
        CommandResult refused = scc.run("node", "remove", "n1", "--gone");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.errors()).contains("the agent of node n1 is there; stop it first");
    }
}
