package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleIndexTest {
    private final ModuleIndex index = new ModuleIndex(
            List.of(
                    "kernel/rdma_rxe.ko: kernel/ib_uverbs.ko kernel/ip6_udp_tunnel.ko kernel/udp_tunnel.ko kernel/ib_core.ko",
                    "kernel/ib_uverbs.ko: kernel/ib_core.ko",
                    "kernel/ib_core.ko:",
                    "kernel/udp_tunnel.ko:",
                    "kernel/ip6_udp_tunnel.ko: kernel/udp_tunnel.ko",
                    "kernel/crc32-generic.ko:"),
            List.of("kernel/net/unix.ko"));

    @Test
    void aModuleComesAfterAllThatItNeeds() {
        List<String> order = index.inLoadOrder(List.of("rdma_rxe"));

        assertThat(order)
                .containsExactly(
                        "kernel/ib_core.ko",
                        "kernel/ib_uverbs.ko",
                        "kernel/udp_tunnel.ko",
                        "kernel/ip6_udp_tunnel.ko",
                        "kernel/rdma_rxe.ko");
    }

    @Test
    void aModuleThatSeveralNeedComesOnce() {
        assertThat(index.inLoadOrder(List.of("ib_uverbs", "ib_core", "rdma_rxe")))
                .doesNotHaveDuplicates();
    }

    @Test
    void hyphensInFileNamesAreUnderscoresInModuleNames() {
        assertThat(index.inLoadOrder(List.of("crc32_generic"))).containsExactly("kernel/crc32-generic.ko");
    }

    @Test
    void whatIsInTheKernelNeedsNoLoading() {
        assertThat(index.inLoadOrder(List.of("unix"))).isEmpty();
    }

    @Test
    void anUnknownModuleIsRefusedByName() {
        assertThatThrownBy(() -> index.inLoadOrder(List.of("mlx9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the kernel has no module mlx9");
    }
}
