package dev.scc.cluster.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterSpec;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.trust.PersonRecord;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Rights;
import dev.scc.cluster.trust.Role;
import dev.scc.cluster.view.VpcView;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr;
import dev.scc.host.NodeName;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.Vni;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VpcAnswersTest {
    private static final VpcName LAB = new VpcName("lab");
    private static final Cidr CIDR = Cidr.parse("172.20.0.0/24");

    /** VPC lab, and cluster demo with a VPC of its own. */
    private static World world() {
        VpcRecord lab = new VpcRecord(LAB, new Vni(5_000), CIDR, 1_450, Optional.empty(), 0);
        Pools.Taken taken = new Pools.Taken(
                new ClusterName("demo"), "demo", Cidr.parse("172.16.0.0/24"), Cidr.parse("10.70.0.0/24"));
        return new World(
                new TreeMap<>(),
                new TreeMap<>(),
                new Held<>(new Pools(Map.of(70, taken)), 0),
                new TreeMap<>(Map.of(LAB, new Vpc(new Held<>(lab, 0), new TreeMap<>()))),
                new TreeMap<>(),
                Map.of());
    }

    private static ServerRpc.WouldBe forecast(Request request) throws Exception {
        return forecast(request, new Asker.Unproven());
    }

    private static ServerRpc.WouldBe forecast(Request request, Asker asker) throws Exception {
        return VpcAnswers.forecast(request, asker, world(), Instant.EPOCH);
    }

    @Test
    void aVpcIsShownWhoeverItIsOf() throws Exception {
        List<ClusterName> asked = new ArrayList<>();
        VpcAnswers.RosterOf rosters = name -> {
            asked.add(name);
            return Optional.<Roster>empty();
        };

        assertThat(VpcAnswers.vpc("none", world(), rosters).vpc()).isEmpty();
        assertThat(VpcAnswers.vpc("lab", world(), rosters).vpc().map(VpcView::vni))
                .contains(5_000);
        assertThat(asked).isEmpty();
        assertThat(VpcAnswers.vpc("demo", world(), rosters).vpc().map(VpcView::vni))
                .contains(70);
        assertThat(asked).containsExactly(new ClusterName("demo"));
    }

    @Test
    void aDryRunSaysWhatWouldBeWrittenAndNothingOfWhatIsReliedOn() throws Exception {
        ServerRpc.WouldBe create = forecast(new Request.VpcCreate(new VpcName("other"), CIDR));
        assertThat(create.refusal()).isEmpty();
        assertThat(create.view().changes())
                .contains("create /scc/vpcs/other")
                .noneMatch(change -> change.contains("epoch") || change.startsWith("check"));

        assertThat(forecast(new Request.VpcDelete(LAB)).view().changes()).contains("delete /scc/vpcs/lab");
        assertThat(forecast(new Request.GroupCreate(new GroupName("web"), LAB))
                        .view()
                        .changes())
                .contains("create /scc/groups/web");
    }

    /** His entry in the tree is checked, and that he was never put out by making an entry and removing it. */
    @Test
    void aDryRunForSomebodyWhoIsKnownSaysNothingOfWhatItsPermissionReliesOn() throws Exception {
        Request create = new Request.VpcCreate(new VpcName("other"), CIDR);
        Asker ada = new Asker.Proven(
                new Principal(Role.USER, "ada"),
                Map.of("ada", new Held<>(new PersonRecord(Role.USER, Rights.NONE), 3)),
                Map.of());

        assertThat(forecast(create, ada).view().changes())
                .isEqualTo(forecast(create).view().changes())
                .isNotEmpty();
    }

    @Test
    void aDryRunSaysWhyItWouldBeRefused() throws Exception {
        ServerRpc.WouldBe delete = forecast(new Request.VpcDelete(new VpcName("none")));

        assertThat(delete.refusal()).contains(Refusal.UNKNOWN);
        assertThat(delete.view().changes()).isEmpty();
    }

    @Test
    void whatHasAForecastOfItsOwnOrNoneIsAMistakeHere() {
        for (Request request : List.of(
                new Request.Create(ClusterSpec.of("demo", 1)),
                new Request.Delete(new ClusterName("demo")),
                new Request.Uncordon(new NodeName("n1")))) {
            assertThatThrownBy(() -> forecast(request))
                    .as(request.toString())
                    .isInstanceOf(RpcFailed.class)
                    .hasMessageContaining("no dry run");
        }
    }
}
