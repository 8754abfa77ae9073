package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RdmaFactsTest {
    private static String vlan(String egress) {
        return """
                eth1.100  VID: 100	 REORDER_HDR: 1  dev->priv_flags: 1021
                         total frames received         5000
                          total bytes received        64000
                      Broadcast/Multicast Rcvd            0

                      total frames transmitted         5000
                       total bytes transmitted        64000
                Device: eth1
                INGRESS priority mappings: 0:7  1:0  2:0  3:0  4:0  5:0  6:0 7:0
                 EGRESS priority mappings: %s
                """.formatted(egress);
    }

    @Test
    void theServiceLevelIsWherePriorityZeroGoes() {
        assertThat(RdmaFacts.egress(vlan("0:3 2:4 "))).contains(3);
        assertThat(RdmaFacts.egress(vlan("16:5 0:6 2:3 "))).contains(6);
    }

    @Test
    void thereIsNoneWhereItStays() {
        assertThat(RdmaFacts.egress(vlan(""))).isEmpty();
        assertThat(RdmaFacts.egress(vlan("2:3 10:5 "))).isEmpty();
        assertThat(RdmaFacts.egress(vlan("0:0 2:3 "))).isEmpty();
        assertThat(RdmaFacts.egress("")).isEmpty();
    }
}
