package dev.scc.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.ClusterName;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    private final Receipt receipt = new Receipt(
            new JobId("demo-0a1b2c3d"),
            new ClusterName("demo"),
            MpiFamily.OPENMPI,
            4,
            0,
            Transport.RDMA,
            List.of(new Receipt.NodeUse(new NodeName("n1"), "rxe0", 1003, 1004)),
            List.of(new Receipt.Phase("open", 12)));

    @Test
    void jsonIsTheContractsOfTheCommandLine() {
        assertThat(Json.write(receipt))
                .isEqualTo(
                        "{\"job\":\"demo-0a1b2c3d\",\"cluster\":\"demo\",\"mpi\":\"openmpi\",\"ranks\":4,\"exitCode\":0,"
                                + "\"transport\":\"rdma\",\"nodes\":[{\"name\":\"n1\",\"device\":\"rxe0\",\"sentPackets\":1003,"
                                + "\"receivedPackets\":1004}],\"phases\":[{\"name\":\"open\",\"millis\":12}]}");
    }

    @Test
    void readingGivesBackWhatWasWritten() {
        assertThat(Json.read(Json.write(receipt), Receipt.class)).isEqualTo(receipt);
    }
}
