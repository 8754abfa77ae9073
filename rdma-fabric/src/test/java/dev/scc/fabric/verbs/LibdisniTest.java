package dev.scc.fabric.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.impl.NatIbvContext;
import com.ibm.disni.verbs.impl.NatIbvMr;
import com.ibm.disni.verbs.impl.NatIbvRecvWR;
import com.ibm.disni.verbs.impl.NatIbvSendWR;
import com.ibm.disni.verbs.impl.NatIbvSge;
import com.ibm.disni.verbs.impl.NativeDispatcher;
import com.ibm.disni.verbs.impl.SockAddrIn;
import dev.scc.fabric.VlanId;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.fabric.loopback.LoopbackPlace;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.PassedOver;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.host.Ipv4;
import dev.scc.host.NativeFiles;
import dev.scc.host.NodeName;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The native library on a machine that has libibverbs and librdmacm, with or without RDMA devices. */
class LibdisniTest {
    @BeforeAll
    static void load() throws CannotVerify {
        VerbsLibrary.load();
    }

    @Test
    @SuppressWarnings("restricted") // Loading native code is what is tested.
    void itHasEveryFunctionThatDisniDeclares() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup library = SymbolLookup.libraryLookup(NativeFiles.find("libdisni.so"), arena);
            List<String> declared = Arrays.stream(NativeDispatcher.class.getDeclaredMethods())
                    .filter(method -> Modifier.isNative(method.getModifiers()))
                    .map(Method::getName)
                    .toList();

            assertThat(declared).hasSizeGreaterThan(40);
            assertThat(declared)
                    .allSatisfy(name -> assertThat(library.find(
                                    "Java_com_ibm_disni_verbs_impl_NativeDispatcher_" + name.replace("_", "_1")))
                            .isPresent());
        }
    }

    @Test
    void itIsOfTheVersionThatDisniWantsAndTellsItTheSizesOfThisMachine() throws IOException {
        assertThat(RdmaProvider.provider().getVersion()).isEqualTo(32);
        assertThat(SockAddrIn.CSIZE).isEqualTo(16);
        assertThat(NatIbvRecvWR.CSIZE).isEqualTo(32);
        assertThat(NatIbvSendWR.CSIZE).isEqualTo(128);
        assertThat(NatIbvSge.CSIZE).isEqualTo(16);
        assertThat(IbvWC.CSIZE).isEqualTo(48);
        assertThat(NatIbvSendWR.REMOTEADDR_OFFSET).isEqualTo(40);
        assertThat(NatIbvSendWR.RKEY_OFFSET).isEqualTo(48);
    }

    @Test
    void withoutAConnectionManagerAnEventChannelFailsWithTheReason() {
        assumeThat(Files.exists(Path.of("/dev/infiniband/rdma_cm")))
                .as("this machine has an RDMA connection manager")
                .isFalse();

        assertThatThrownBy(CmChannel::open)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("rdma_create_event_channel failed: ");
        assertThatThrownBy(VerbsProber::prepare)
                .isInstanceOf(CannotVerify.class)
                .hasMessageStartingWith("cannot verify: rdma_create_event_channel failed: ");
    }

    @Test
    void anObjectThatIsNoneIsAnErrorAndNoCrash() throws IOException {
        RdmaVerbs verbs = RdmaVerbs.open();

        assertThatThrownBy(() -> verbs.allocPd(new NatIbvContext(0, dispatcher())))
                .isInstanceOf(IOException.class)
                .hasMessage("ibv_alloc_pd failed: there is no such object");
    }

    @Test
    void whatThisLibraryDoesNotSupportItSays() throws IOException {
        RdmaVerbs verbs = RdmaVerbs.open();

        assertThat(verbs.queryOdpSupport(new NatIbvContext(1, dispatcher()))).isNegative();
        assertThatThrownBy(() -> verbs.expPrefetchMr(new NatIbvMr(1, null, 0, 0, 0, 0, 0, 0), 0, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unsupported");
    }

    @Test
    void aNodeWithoutThePlannedDeviceCannotVerify() {
        ProbePlan plan = new ProbePlan(
                "s1",
                new NodeName("n1"),
                "rxe99",
                new VlanId(70),
                List.of(new ProbeMember(new NodeName("n1"), Ipv4.parse("10.70.0.1"))),
                Pattern.FULL,
                7471);

        assertThatThrownBy(() -> new VerbsProber().run(plan, new PassedOver(), result -> {}))
                .isInstanceOf(CannotVerify.class)
                .hasMessage("cannot verify: there is no RDMA device rxe99 on this node");
    }

    @Test
    void aDeviceThatIsNotThereCannotBeConnectedWithItself() {
        assertThatThrownBy(() -> new SelfConnection("rxe99", 0, 0, 0))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "ibv_(open_device failed: there is no such RDMA device|get_device_list failed: .*)");
    }

    @Test
    void ofADeviceThatIsNotThereNothingIsTried() throws InterruptedException {
        LoopbackPlace place = new LoopbackPlace("rxe99", "eth1", List.of(Ipv4.parse("10.50.0.1")));

        assertThat(new VerbsLoopback().run(place))
                .asInstanceOf(type(LoopbackOutcome.NotTried.class))
                .extracting(LoopbackOutcome.NotTried::why, STRING)
                .contains("there is no RDMA device rxe99");
    }

    @SuppressWarnings("NullAway") // The objects keep the dispatcher and do not use it in these calls.
    private static NativeDispatcher dispatcher() {
        return null;
    }
}
