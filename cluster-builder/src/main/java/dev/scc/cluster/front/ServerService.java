package dev.scc.cluster.front;

import dev.scc.cluster.ClusterName;
import dev.scc.cluster.ClusterRecord;
import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.NodeStatus;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.Request;
import dev.scc.cluster.RequestBounds;
import dev.scc.cluster.RequestRecord;
import dev.scc.cluster.Roster;
import dev.scc.cluster.TreeEntry;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.Told;
import dev.scc.cluster.api.VerifySaid;
import dev.scc.cluster.api.Waiting;
import dev.scc.cluster.plan.Asker;
import dev.scc.cluster.plan.DryRun;
import dev.scc.cluster.plan.Permission;
import dev.scc.cluster.rpc.Access;
import dev.scc.cluster.rpc.Answers;
import dev.scc.cluster.rpc.Caller;
import dev.scc.cluster.rpc.Connections;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.cluster.rpc.RpcService;
import dev.scc.cluster.tree.ConnectionLost;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.trust.LiveCredentials;
import dev.scc.cluster.verify.KeptVerifications;
import dev.scc.cluster.view.ClusterList;
import dev.scc.cluster.view.ClusterView;
import dev.scc.cluster.view.DryRunView;
import dev.scc.cluster.view.EniList;
import dev.scc.cluster.view.GroupList;
import dev.scc.cluster.view.GroupPackets;
import dev.scc.cluster.view.Isolation;
import dev.scc.cluster.view.NodeList;
import dev.scc.cluster.view.NodeView;
import dev.scc.cluster.view.ReachView;
import dev.scc.cluster.view.VerifyView;
import dev.scc.cluster.view.VpcList;
import dev.scc.cluster.world.Held;
import dev.scc.cluster.world.Node;
import dev.scc.cluster.world.World;
import dev.scc.fabric.doctor.Finding;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** The servers' API over one server's tree. Thread-safe. */
public final class ServerService {
    /** Of one cluster, errors first: its view has to fit a message, however many members it has. */
    private static final int MOST_FINDINGS = 200;

    private final Tree tree;
    private final Connections connections;
    private final InstantSource clock;
    private final Signals signals;
    private final WorldCache worlds;
    private final EventLog events;
    private final TreeReading reading;
    private final KeptVerifications kept;
    private final Isolation isolation;
    private final Permissions permissions;

    /** @param connected whether the tree can be reached now */
    public ServerService(
            Tree tree,
            BooleanSupplier connected,
            Connections connections,
            KeptVerifications kept,
            Isolation isolation,
            InstantSource clock) {
        this.isolation = isolation;
        this.kept = kept;
        this.connections = connections;
        this.tree = tree;
        reading = new TreeReading(connected);
        this.clock = clock;
        signals = new TreeSignals(tree);
        worlds = new WorldCache(tree, clock);
        GoneClusters.forget(tree, kept);
        events = new EventLog(tree, signals);
        permissions = new Permissions(tree);
    }

    public ServerServiceDefinition definition() {
        return new RpcService(ServerRpc.SERVICE)
                .unary(ServerRpc.CLUSTERS, (caller, _) -> reading.from(() -> clusters(caller)))
                .unary(ServerRpc.CLUSTER, (caller, ask) -> reading.from(() -> cluster(caller, ask.cluster())))
                .unary(
                        ServerRpc.ROSTER,
                        (caller, ask) ->
                                reading.from(() -> new ServerRpc.MaybeRoster(rosterToSee(caller, ask.cluster()))))
                .unary(ServerRpc.NODES, (_, _) -> reading.from(() -> NodeList.of(worlds.now())))
                .unary(ServerRpc.ENIS, (_, _) -> reading.from(() -> EniList.of(worlds.now())))
                .unary(ServerRpc.JOBS, (caller, _) -> reading.from(() -> new RunningJobs(tree).seenBy(caller)))
                .unary(ServerRpc.NODE, (_, ask) -> reading.from(() -> node(ask.node())))
                .unary(ServerRpc.FORECAST, (caller, ask) -> reading.from(() -> forecast(caller, ask)))
                .unary(ServerRpc.GROUPS, (_, _) -> reading.from(() -> GroupList.of(worlds.now())))
                .unary(ServerRpc.VPCS, (_, _) -> reading.from(() -> VpcList.of(worlds.now())))
                .unary(
                        ServerRpc.VPC,
                        (_, ask) -> reading.from(() -> VpcAnswers.vpc(ask.vpc(), worlds.now(), this::roster)))
                .unary(ServerRpc.EXPLAIN, this::explain)
                .unary(ServerRpc.PACKETS, (caller, ask) -> reading.from(() -> packets(caller, ask)))
                .unary(ServerRpc.WOULD, this::would)
                .unary(ServerRpc.REQUEST, (_, ask) -> reading.from(() -> request(ask.id())))
                .streaming(ServerRpc.ASK, this::ask)
                .streaming(ServerRpc.CONTAINER, this::askOfNode)
                .streaming(
                        ServerRpc.EVENTS,
                        (_, ask, answers) -> reading.from(() -> {
                            events.tell(ask.after(), ask.follow(), Duration.ofMillis(ask.beatMillis()), answers::send);
                            return Optional.empty();
                        }))
                .unary(ServerRpc.PERMIT, (caller, ask) -> reading.from(() -> permit(caller, ask)))
                .streaming(ServerRpc.VERIFY, this::verify)
                .unary(ServerRpc.VERIFIED, (caller, ask) -> reading.from(() -> verified(caller, ask.cluster())))
                .unary(ServerRpc.OBSERVE, (caller, ask) -> reading.from(() -> observe(caller, ask)))
                .unary(ServerRpc.MESH, (caller, ask) -> reading.from(() -> mesh(caller, ask)))
                .unary(
                        ServerRpc.LEFTOVERS,
                        (caller, ask) -> reading.from(() -> new LeftoverSearch(tree, connections, ask.remove())
                                .run(request -> outcome(caller, request), Duration.ofMillis(ask.eachMillis()))))
                .definition();
    }

    private ClusterList clusters(Caller caller) throws ConnectionLost, InterruptedException {
        World world = worlds.now();
        Permission permission = permissions.of(caller, world);
        return ClusterList.of(world.clusters().values().stream()
                .map(Held::value)
                .filter(permission::maySee)
                .toList());
    }

    private ServerRpc.MaybeCluster cluster(Caller caller, ClusterName name)
            throws ConnectionLost, RpcFailed, InterruptedException {
        World world = worlds.now();
        Held<ClusterRecord> held = world.clusters().get(name);
        if (held == null) {
            return new ServerRpc.MaybeCluster(Optional.empty());
        }
        permissions.requireSight(caller, world, held.value());
        ClusterRecord record = held.value();
        Map<NodeName, NodeStatus.Reached> reached = new HashMap<>();
        for (NodeName member : record.members()) {
            Optional.ofNullable(world.nodes().get(member))
                    .flatMap(Node::status)
                    .map(NodeStatus::state)
                    .filter(state -> state instanceof NodeStatus.Reached there
                            && there.cluster().equals(name)
                            && there.revision() == record.revision())
                    .ifPresent(state -> reached.put(member, (NodeStatus.Reached) state));
        }
        // Between the two reads the cluster may have gone.
        return new ServerRpc.MaybeCluster(roster(record)
                .map(roster -> ClusterView.of(record, roster, reached, isolation, findings(world, record))));
    }

    private static List<Finding> findings(World world, ClusterRecord record) {
        return record.members().stream()
                .flatMap(member -> Optional.ofNullable(world.nodes().get(member)).stream())
                .flatMap(node -> node.inventory().stream())
                .flatMap(inventory -> inventory.findings().stream())
                .sorted(Comparator.comparing(Finding::severity).thenComparing(Finding::node))
                .limit(MOST_FINDINGS)
                .toList();
    }

    private Optional<Roster> rosterToSee(Caller caller, ClusterName name)
            throws ConnectionLost, RpcFailed, InterruptedException {
        World world = worlds.now();
        Held<ClusterRecord> held = world.clusters().get(name);
        if (held == null) {
            return Optional.empty();
        }
        permissions.requireSight(caller, world, held.value());
        return roster(held.value());
    }

    private ServerRpc.MaybePermit permit(Caller caller, ServerRpc.PermitWanted ask)
            throws ConnectionLost, RpcFailed, InterruptedException {
        World world = worlds.now();
        Held<ClusterRecord> held = world.clusters().get(ask.cluster());
        if (held == null) {
            throw new RpcFailed(RpcFailed.Kind.REFUSED, "there is no cluster " + ask.cluster());
        }
        return new ServerRpc.MaybePermit(permissions
                .permit(caller, world, held.value(), ask.asRoot(), clock.millis())
                .flatMap(permit ->
                        connections.credentials().map(LiveCredentials::current).map(permit::signed)));
    }

    private Optional<Roster> rosterToUse(Caller caller, ClusterName name)
            throws ConnectionLost, RpcFailed, InterruptedException {
        World world = worlds.now();
        Held<ClusterRecord> held = world.clusters().get(name);
        if (held == null) {
            return Optional.empty();
        }
        permissions.requireUse(caller, world, held.value());
        return roster(held.value());
    }

    private Optional<Roster> roster(ClusterName name) throws ConnectionLost, InterruptedException {
        Held<ClusterRecord> held = worlds.now().clusters().get(name);
        return held == null ? Optional.empty() : roster(held.value());
    }

    private Optional<Roster> roster(ClusterRecord record) throws ConnectionLost, InterruptedException {
        Optional<Entry> entry = tree.get(Paths.roster(record.name(), record.revision()));
        return entry.map(roster -> roster.read(Roster.class));
    }

    private ServerRpc.MaybeNode node(NodeName name) throws ConnectionLost, InterruptedException {
        World world = worlds.now();
        return new ServerRpc.MaybeNode(Optional.ofNullable(world.nodes().get(name))
                .map(node -> NodeView.of(node, world.plugs(name).plugs().size(), clock.millis())));
    }

    private ServerRpc.Forecasted forecast(Caller caller, ServerRpc.Forecast ask)
            throws ConnectionLost, InterruptedException {
        World world = worlds.now();
        DryRun.Forecast forecast =
                DryRun.create(ask.spec(), permissions.of(caller, world).asker(), world);
        Optional<Refusal> refusal =
                forecast instanceof DryRun.Impossible no ? Optional.of(no.reason()) : Optional.empty();
        return new ServerRpc.Forecasted(DryRunView.of(ask.spec().name(), forecast), refusal);
    }

    private ReachView explain(Caller caller, ServerRpc.Explain ask) throws RpcFailed, InterruptedException {
        World world = reading.from(worlds::now);
        List<Roster> rosters = reading.from(() -> {
            List<Roster> known = new ArrayList<>();
            for (ClusterName name : ReachAnswers.clusters(world, ask.from(), ask.to())) {
                roster(name).ifPresent(known::add);
            }
            return known;
        });
        return new ReachAnswers(world, rosters).explain(ask.from(), ask.to(), ask.what(), ask.vpc());
    }

    private GroupPackets packets(Caller caller, ServerRpc.Packets ask)
            throws ConnectionLost, RpcFailed, InterruptedException {
        World world = worlds.now();
        Held<GroupRecord> group = world.groups().get(ask.group());
        if (group == null) {
            throw new RpcFailed(RpcFailed.Kind.REFUSED, "there is no security group " + ask.group());
        }
        Optional<String> objection = permissions.of(caller, world).objectionToPacketsOf(ask.group());
        if (objection.isPresent()) {
            throw new RpcFailed(RpcFailed.Kind.NOT_ENTITLED, objection.get());
        }
        GroupEnis enis = GroupEnis.of(world, group.value());
        return enis.packets(
                new DropsSearch(world, connections).run(enis.tables(), Duration.ofMillis(ask.eachMillis())),
                ask.counters(),
                ask.drops());
    }

    private ServerRpc.WouldBe would(Caller caller, ServerRpc.Would ask) throws RpcFailed, InterruptedException {
        World world = reading.from(worlds::now);
        Asker asker = reading.from(() -> permissions.of(caller, world).asker());
        return VpcAnswers.forecast(ask.request(), asker, world, clock.instant());
    }

    private ServerRpc.MaybeRequest request(String id) throws ConnectionLost, InterruptedException {
        tree.sync();
        return new ServerRpc.MaybeRequest(tree.get(Paths.request(id))
                .map(entry -> entry.read(RequestRecord.class).request()));
    }

    private void ask(Caller caller, ServerRpc.Ask ask, Answers<Told> answers) throws RpcFailed, InterruptedException {
        requireEntitled(caller, ask.request());
        reading.from(() -> {
            follow(caller, ask.id(), ask.request(), Duration.ofMillis(ask.beatMillis()), answers::send);
            return Optional.empty();
        });
    }

    /** What a node may ask for of these the controller judges once more, when it decides. */
    private void askOfNode(Caller caller, ServerRpc.Ask ask, Answers<Told> answers)
            throws RpcFailed, InterruptedException {
        boolean ofContainer = ask.request() instanceof Request.EniDetach
                || (ask.request() instanceof Request.EniAttach attach
                        && attach.attachment().isPresent()
                        && caller.principal()
                                .filter(who -> !who.name().equals(attach.node().value()))
                                .isEmpty());
        if (!ofContainer) {
            throw new RpcFailed(
                    RpcFailed.Kind.NOT_ENTITLED,
                    caller.name() + " may not ask for that: a node asks for ENIs of its own containers only");
        }
        reading.from(() -> {
            follow(caller, ask.id(), ask.request(), Duration.ofMillis(ask.beatMillis()), answers::send);
            return Optional.empty();
        });
    }

    /** One method makes all requests, and not all of them are for everybody who may call it. */
    private static void requireEntitled(Caller caller, Request request) throws RpcFailed {
        Access access = switch (request) {
            case Request.Create _,
                    Request.Scale _,
                    Request.Delete _,
                    Request.VpcCreate _,
                    Request.VpcDelete _,
                    Request.GroupCreate _,
                    Request.GroupRuleChange _,
                    Request.GroupApply _,
                    Request.GroupDelete _ -> Access.USERS;
            case Request.EniAttach _, Request.EniDetach _, Request.EniMove _ -> Access.OPERATORS;
            case Request.Cordon _, Request.Uncordon _, Request.Label _, Request.Collect _, Request.Forget _ ->
                Access.OPERATORS;
        };
        if (!caller.isOneOf(access)) {
            throw new RpcFailed(
                    RpcFailed.Kind.NOT_ENTITLED, caller.name() + " may not ask for that: it is for " + access);
        }
    }

    private void follow(Caller caller, String id, Request request, Duration beat, RequestFollowing.Teller teller)
            throws ConnectionLost, RpcFailed, InterruptedException {
        Optional<String> objection = RequestBounds.objection(id).or(() -> RequestBounds.objection(request));
        if (objection.isPresent()) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, objection.get());
        }
        RequestRecord record = new RequestRecord(request, caller.name(), clock.millis());
        int bytes = Json.writeBytes(record).length;
        if (bytes > TreeEntry.REQUEST.largest()) {
            throw new RpcFailed(
                    RpcFailed.Kind.INVALID,
                    "the request has " + bytes + " bytes, and may have " + TreeEntry.REQUEST.largest());
        }
        try {
            new RequestFollowing(tree, signals, Waiting.ofThreads(), id, record, teller).run(beat);
        } catch (RequestIdTaken e) {
            throw new RpcFailed(RpcFailed.Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private Outcome outcome(Caller caller, Request request) throws ConnectionLost, InterruptedException {
        AtomicReference<Optional<Outcome>> ended = new AtomicReference<>(Optional.empty());
        try {
            follow(caller, UUID.randomUUID().toString(), request, Duration.ZERO, told -> {
                if (told instanceof Told.Ended end) {
                    ended.set(Optional.of(end.outcome()));
                }
            });
        } catch (RpcFailed e) {
            throw new IllegalStateException("a new id is taken", e);
        }
        return ended.get().orElseThrow();
    }

    private void verify(Caller caller, ServerRpc.Verify ask, Answers<VerifySaid> answers)
            throws RpcFailed, InterruptedException {
        Optional<Roster> roster = reading.from(() -> rosterToUse(caller, ask.cluster()));
        if (roster.isEmpty()) {
            answers.send(new VerifySaid.NoSuchCluster());
            return;
        }
        try (Beats _ = Beats.every(Duration.ofMillis(ask.beatMillis()), () -> answers.send(new VerifySaid.Beat()))) {
            answers.send(new Verification(connections, kept, clock, roster.get()).run(ask, answers));
        }
    }

    private ServerRpc.Observations observe(Caller caller, ServerRpc.Observe ask)
            throws ConnectionLost, InterruptedException {
        World world = worlds.now();
        return new FactsSearch(connections, clock)
                .run(
                        world,
                        FactsSearch.chosen(permissions.of(caller, world), ask.name()),
                        Duration.ofMillis(ask.eachMillis()));
    }

    private ServerRpc.MaybeMesh mesh(Caller caller, ServerRpc.Mesh ask)
            throws ConnectionLost, RpcFailed, InterruptedException {
        World world = worlds.now();
        Held<ClusterRecord> held = world.clusters().get(ask.cluster());
        if (held == null) {
            return new ServerRpc.MaybeMesh(Optional.empty());
        }
        permissions.requireSight(caller, world, held.value());
        MeshSearch search = new MeshSearch(world, connections);
        return new ServerRpc.MaybeMesh(Optional.of(search.run(held.value(), Duration.ofMillis(ask.eachMillis()))));
    }

    /** Of a cluster that is gone nothing is told, even if its file is there still. */
    private ServerRpc.Verified verified(Caller caller, ClusterName cluster)
            throws ConnectionLost, RpcFailed, InterruptedException {
        World world = worlds.now();
        Held<ClusterRecord> held = world.clusters().get(cluster);
        if (held == null) {
            return new ServerRpc.Verified(Optional.empty());
        }
        permissions.requireSight(caller, world, held.value());
        return new ServerRpc.Verified(kept.latest(cluster)
                .map(latest -> kept.baseline(cluster)
                        .map(baseline -> VerifyView.of(latest, baseline, true))
                        .orElseGet(() -> VerifyView.of(latest))));
    }
}
