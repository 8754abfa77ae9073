package dev.scc.cluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.Alive;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Paths;
import dev.scc.cluster.Repair;
import dev.scc.cluster.tree.Conflict;
import dev.scc.cluster.tree.Entry;
import dev.scc.cluster.tree.Op;
import dev.scc.cluster.tree.Tree;
import dev.scc.cluster.zk.EmptyTree;
import dev.scc.cluster.zk.ZooKeeperTree;
import dev.scc.fabric.inventory.NodeInventory;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.NodeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node's place in the pool, on a real ZooKeeper into which the test writes what a controller and other agents would. */
@Timeout(240)
class AgentEnrolmentTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final Alive MACHINE = new Alive("instance", Ipv4.parse("10.99.0.1"), Optional.of("a:7070"));
    private static final Alive OTHER = Alive.at("elsewhere", Ipv4.parse("10.99.0.99"));
    private static final NodeInventory HAS = NodeInventory.of("6.1.0", 2, 1, List.of(), List.of());

    @TempDir
    Path directory;

    private EmptyTree zooKeeper;
    private Tree tree;
    private ZooKeeperTree otherSession;
    private Enrolment enrolment;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = EmptyTree.start(directory);
        tree = zooKeeper.tree();
        otherSession = zooKeeper.another();
        enrolment = new Enrolment(
                tree, new Identity(NODE, MACHINE.instance(), MACHINE.underlay(), "a:7070", "eth1", "test"));
    }

    @AfterEach
    void stop() {
        otherSession.close();
        zooKeeper.close();
    }

    private void enrol(Alive machine) throws Exception {
        tree.commit(List.of(new Op.Create(Paths.node(NODE), Json.write(NodeRecord.enrolled(NODE, machine)))));
    }

    private Optional<Alive> at(String path) throws Exception {
        return tree.get(path).map(Entry::text).map(text -> Json.read(text, Alive.class));
    }

    private long owner(String path) throws Exception {
        return tree.get(path).orElseThrow().owner();
    }

    @Test
    void aMachineThatIsNotInThePoolAsksToBeAndLivesOnlyThen() throws Exception {
        assertThat(enrolment.ensure()).isFalse();
        assertThat(at(Paths.enrol(NODE))).contains(MACHINE);
        assertThat(at(Paths.alive(NODE))).isEmpty();

        enrol(MACHINE);
        assertThat(enrolment.ensure()).isTrue();
        assertThat(at(Paths.enrol(NODE))).isEmpty();
        assertThat(at(Paths.alive(NODE))).contains(MACHINE);
        assertThat(owner(Paths.alive(NODE))).isEqualTo(tree.session());
        assertThat(enrolment.ensure()).isTrue();
    }

    @Test
    void whileNobodyUnderstandsWhichMachineIsTheNodeNothingIsDone() throws Exception {
        tree.commit(List.of(new Op.Create(Paths.node(NODE), "nonsense")));

        assertThat(enrolment.ensure()).isFalse();

        assertThat(at(Paths.enrol(NODE))).isEmpty();
        assertThat(at(Paths.alive(NODE))).isEmpty();
    }

    @Test
    void aMachineThatIsNotTheNodeAnyMoreAsksAndDoesNotLive() throws Exception {
        enrol(MACHINE);
        assertThat(enrolment.ensure()).isTrue();
        tree.commit(List.of(new Op.Set(Paths.node(NODE), Json.write(NodeRecord.enrolled(NODE, OTHER)), 0)));

        assertThat(enrolment.ensure()).isFalse();

        assertThat(at(Paths.alive(NODE))).isEmpty();
        assertThat(at(Paths.enrol(NODE))).contains(MACHINE);
        assertThatThrownBy(() -> tree.commit(List.of(enrolment.unchanged()))).isInstanceOf(Conflict.class);
    }

    @Test
    void aMachineThatIsReachedElsewhereAsksUntilThatIsWrittenDownAndGoesOnMeanwhile() throws Exception {
        enrol(new Alive(MACHINE.instance(), MACHINE.underlay(), Optional.of("a:7071")));

        assertThat(enrolment.ensure()).isTrue();
        assertThat(at(Paths.alive(NODE))).contains(MACHINE);
        assertThat(at(Paths.enrol(NODE))).contains(MACHINE);

        tree.commit(List.of(new Op.Set(Paths.node(NODE), Json.write(NodeRecord.enrolled(NODE, MACHINE)), 0)));
        assertThat(enrolment.ensure()).isTrue();
        assertThat(at(Paths.enrol(NODE))).isEmpty();
    }

    @Test
    void whatAnotherAgentOfThisNameHasIsLeftAlone() throws Exception {
        enrol(MACHINE);
        otherSession.commit(List.of(new Op.CreateEphemeral(Paths.alive(NODE), Json.write(OTHER))));

        assertThat(enrolment.ensure()).isFalse();

        assertThat(at(Paths.alive(NODE))).contains(OTHER);
    }

    @Test
    void theWishOfAnotherAgentIsLeftAlone() throws Exception {
        enrol(MACHINE);
        otherSession.commit(List.of(new Op.CreateEphemeral(Paths.enrol(NODE), Json.write(OTHER))));

        assertThat(enrolment.ensure()).isTrue();

        assertThat(at(Paths.enrol(NODE))).contains(OTHER);
    }

    @Test
    void anAgentThatIsStartedAnewDoesNotWaitForTheEndOfItsSession() throws Exception {
        enrol(MACHINE);
        otherSession.commit(List.of(new Op.CreateEphemeral(Paths.alive(NODE), Json.write(MACHINE))));

        assertThat(enrolment.ensure()).isTrue();

        assertThat(owner(Paths.alive(NODE))).isEqualTo(tree.session());
    }

    @Test
    void whatTheNodeHasIsWrittenOnceAndWhenItChanges() throws Exception {
        enrol(MACHINE);
        assertThat(enrolment.ensure()).isTrue();

        assertThat(enrolment.report(HAS, Optional.empty(), List.of(), Optional.empty()))
                .isEqualTo(Enrolment.Reported.WRITTEN);
        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().version()).isZero();
        assertThat(enrolment.report(HAS, Optional.empty(), List.of(), Optional.empty()))
                .isEqualTo(Enrolment.Reported.AS_IT_WAS);
        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().version()).isZero();

        Optional<Repair> repair = Optional.of(new Repair(1, List.of("link:eni0")));
        assertThat(enrolment.report(HAS, repair, List.of(), Optional.empty())).isEqualTo(Enrolment.Reported.WRITTEN);
        assertThat(tree.get(Paths.inventory(NODE)).orElseThrow().text()).contains("link:eni0");
        assertThat(enrolment.report(HAS, repair, List.of(), Optional.empty())).isEqualTo(Enrolment.Reported.AS_IT_WAS);
    }

    @Test
    void itIsSureUntilSomethingOfTheNodeChanges() throws Exception {
        enrol(MACHINE);
        assertThat(enrolment.ensure()).isTrue();
        assertThat(enrolment.sure()).isFalse();

        enrolment.settle(enrolment.doubts());
        assertThat(enrolment.sure()).isTrue();

        otherSession.commit(List.of(new Op.Set(Paths.node(NODE), Json.write(NodeRecord.enrolled(NODE, OTHER)), 0)));
        // Of several entries a read returns only when the watches have signalled what happened before.
        tree.sync();
        assertThat(tree.get(List.of(Paths.node(NODE)))).hasSize(1);
        assertThat(enrolment.sure()).isFalse();
    }
}
