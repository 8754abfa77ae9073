package dev.scc.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MembershipTest {
    @Test
    void serversThatWereNamedComeFirstAndThenThoseBesideZooKeeperEachOnce() {
        assertThat(Membership.servers(Optional.of("a:7000,b"), "b:2181,c:2182")).isEqualTo("a:7000,b:7443,c:7443");
        assertThat(Membership.servers(Optional.empty(), "c:2182")).isEqualTo("c:7443");
    }
}
