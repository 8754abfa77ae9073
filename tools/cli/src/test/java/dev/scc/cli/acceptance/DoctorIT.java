package dev.scc.cli.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What agents observe on real namespace nodes, which have no RDMA device: the road from procfs to the answer. */
class DoctorIT {
    @Test
    void aNodeWithAnotherSysctlIsNamedAndMendedByTheCommandThatIsSaid() throws Exception {
        try (OwnTestbed testbed = OwnTestbed.up(DoctorIT.class, "netns", 4)) {
            Scc scc = testbed.scc();
            JsonNode healthy = scc.json("doctor");
            assertThat(healthy.get("findings").size()).as(healthy.toString()).isZero();
            assertThat(healthy.get("nodes").asInt()).isEqualTo(4);

            scc.onNode("n3", "sysctl -qw net.ipv4.conf.all.arp_ignore=2");

            JsonNode found = scc.json("doctor").get("findings");
            assertThat(found.size()).as(found.toString()).isEqualTo(1);
            assertThat(found.get(0).get("node").asString()).isEqualTo("n3");
            assertThat(found.get(0).get("evidence").asString())
                    .isEqualTo("sysctl net.ipv4.conf.all.arp_ignore is 2; 3 of 4 nodes have 0");

            Path file = scc.home().resolve("facts.json");
            scc.ok("doctor", "--capture", file.toString());
            assertThat(scc.onNode("n3", found.get(0).get("fix").asString()).ok())
                    .isTrue();

            assertThat(scc.json("doctor").get("findings").size()).isZero();
            assertThat(scc.json("doctor", "--from", file.toString()).get("findings"))
                    .isEqualTo(found);
            assertThat(scc.json("doctor", "n3").get("nodes").asInt()).isEqualTo(1);
            assertThat(scc.run("doctor", "nobody").status()).isEqualTo(1);
        }
    }
}
