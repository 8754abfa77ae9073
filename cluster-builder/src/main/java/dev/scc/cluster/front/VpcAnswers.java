package dev.scc.cluster.front;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Pools;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.Roster;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.change.Change;
import dev.scc.cluster.change.FencedTransaction;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.RequestPlanner;
import dev.scc.cluster.plan.Situation;
import dev.scc.cluster.plan.Timing;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.view.RequestForecast;
import dev.scc.cluster.view.VpcList;
import dev.scc.cluster.view.VpcView;
import dev.scc.cluster.world.Vpc;
import dev.scc.cluster.world.World;
import dev.scc.vpc.VpcName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a server answers about VPCs, from the world as it is now. */
final class VpcAnswers {
    private VpcAnswers() {}

    /** Where the roster of a cluster is read. */
    @FunctionalInterface
    interface RosterOf {
        Optional<Roster> cluster(ClusterName name) throws ConnectionLost, InterruptedException;
    }

    static ServerRpc.MaybeVpc vpc(String name, World world, RosterOf rosters)
            throws ConnectionLost, InterruptedException {
        Optional<VpcList.Row> row = VpcList.of(world).vpcs().stream()
                .filter(each -> each.vpc().equals(name))
                .findFirst();
        if (row.isEmpty()) {
            return new ServerRpc.MaybeVpc(Optional.empty());
        }
        Vpc alone = world.vpcs().get(new VpcName(name));
        if (alone != null) {
            return new ServerRpc.MaybeVpc(Optional.of(VpcView.of(row.get(), alone)));
        }
        Pools.Taken taken = world.pools().value().networks().get(row.get().vni());
        Optional<Roster> roster = taken == null ? Optional.empty() : rosters.cluster(taken.cluster());
        return new ServerRpc.MaybeVpc(Optional.of(VpcView.own(row.get(), roster)));
    }

    /** What a request about a VPC would do at this moment, by the planner that would do it. */
    static ServerRpc.WouldBe forecast(Request request, Asker asker, World world, Instant now) throws RpcFailed {
        switch (request) {
            case Request.VpcCreate _,
                    Request.VpcDelete _,
                    Request.EniAttach _,
                    Request.EniDetach _,
                    Request.EniMove _,
                    Request.GroupCreate _,
                    Request.GroupRuleChange _,
                    Request.GroupApply _,
                    Request.GroupDelete _ -> {}
            case Request.Create _,
                    Request.Scale _,
                    Request.Delete _,
                    Request.Cordon _,
                    Request.Uncordon _,
                    Request.Label _,
                    Request.Collect _,
                    Request.Forget _ ->
                throw new RpcFailed(RpcFailed.Kind.INVALID, "there is no dry run of " + request.title());
        }
        RequestPlanner planner = new RequestPlanner(new Situation(world, Map.of(), Timing.usual(), now), 0);
        RequestPlanner.Answer answer = planner.answer(request, "dry-run", asker, Optional.empty(), Optional.empty());
        return switch (answer) {
            case RequestPlanner.Answer.Refuse refuse ->
                new ServerRpc.WouldBe(
                        RequestForecast.of(request, answer, List.of()), Optional.<Refusal>of(refuse.reason()));
            case RequestPlanner.Answer.Commit commit -> {
                List<Op> ops = FencedTransaction.of(
                        0,
                        commit.changes().stream()
                                .filter(change -> !(change instanceof Change.Rely))
                                .toList());
                yield new ServerRpc.WouldBe(
                        RequestForecast.of(
                                request,
                                answer,
                                ops.stream().skip(1).map(VpcAnswers::words).toList()),
                        Optional.empty());
            }
        };
    }

    private static String words(Op op) {
        return op.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " " + op.path();
    }
}
