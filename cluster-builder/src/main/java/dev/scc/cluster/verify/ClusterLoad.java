package dev.scc.cluster.verify;

import dev.scc.cluster.Member;
import dev.scc.cluster.Roster;
import dev.scc.cluster.agent.AgentRpc;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.fabric.verbs.Limits;
import dev.scc.fabric.verify.Flow;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.Load;
import dev.scc.fabric.verify.LoadPlan;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Has members of a cluster put load on their fabric, all at the same time. */
public final class ClusterLoad {
    /** Beside those of the probes. */
    private static final int PORT = ClusterVerifier.PROBE_PORT + 1;

    private static final Duration TO_BEGIN_AND_END = Duration.ofSeconds(30);

    private ClusterLoad() {}

    /** How long it takes at most. */
    public static Duration patience(int nodes, Load load) {
        int rounds = load == Load.NONE ? 0 : nodes;
        return TO_BEGIN_AND_END.plus(Limits.longestLoad(rounds));
    }

    private record Place(int round, Flow flow) {}

    /**
     * Puts the load on the fabric; returns when the last member has finished, failed or run past the deadline.
     *
     * @param nodes the members that take part
     * @param session tells it from any other
     * @param progress told of each result when it comes in, by several threads
     * @throws Busy if a member takes part in a verification; the others have given up when it is thrown
     */
    public static LoadResult put(
            Connections connections,
            Roster roster,
            Set<NodeName> nodes,
            Load load,
            String session,
            Consumer<FlowResult> progress)
            throws Busy, InterruptedException {
        List<Member> members = roster.members().stream()
                .filter(member -> nodes.contains(member.node()))
                .toList();
        List<ProbeMember> probeMembers = ClusterVerifier.probeMembers(roster).stream()
                .filter(member -> nodes.contains(member.node()))
                .toList();
        List<Place> wanted = places(members, load);
        Set<Place> all = Set.copyOf(wanted);
        Map<Place, FlowResult> results = new ConcurrentHashMap<>();
        Map<NodeName, RpcFailed> failures = new AllMembers(connections, roster)
                .ask(
                        members,
                        (agent, member) -> agent.stream(
                                AgentRpc.LOAD,
                                new AgentRpc.PutLoad(
                                        roster.cluster(),
                                        roster.revision(),
                                        new LoadPlan(
                                                session,
                                                member.node(),
                                                member.rdmaDevice(),
                                                roster.segment().vlan(),
                                                probeMembers,
                                                load,
                                                PORT)),
                                patience(members.size(), load),
                                result -> {
                                    // A member tells of what it sends itself, and once.
                                    Place place = new Place(result.round(), result.flow());
                                    if (result.flow().from().equals(member.node())
                                            && all.contains(place)
                                            && results.putIfAbsent(place, result) == null) {
                                        progress.accept(result);
                                    }
                                }),
                        _ -> {});
        return new LoadResult(
                load,
                wanted.stream()
                        .map(place -> Optional.ofNullable(results.get(place))
                                .orElseGet(() -> silent(
                                        place,
                                        Optional.ofNullable(
                                                failures.get(place.flow().from())))))
                        .toList());
    }

    private static List<Place> places(List<Member> members, Load load) {
        List<List<Flow>> rounds = Flow.rounds(members.stream().map(Member::node).collect(Collectors.toList()), load);
        List<Place> places = new ArrayList<>();
        for (int round = 0; round < rounds.size(); round++) {
            for (Flow flow : rounds.get(round)) {
                places.add(new Place(round, flow));
            }
        }
        return places;
    }

    private static FlowResult silent(Place place, Optional<RpcFailed> failure) {
        String why = failure.map(RpcFailed::getMessage)
                .orElseGet(() -> "node " + place.flow().from() + " reported nothing");
        return new FlowResult(place.round(), place.flow(), new FlowResult.Broken(why));
    }
}
