package dev.scc.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules point one way, and each foreign library is known in one place. */
class ModuleDirectionTest {
    private static final String[] MODULES = {"host", "fabric", "vpc", "cluster", "job", "testbed", "cli"};

    @SuppressWarnings("NullAway.Init")
    private static JavaClasses classes;

    @BeforeAll
    static void readEveryModule() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.scc");
    }

    @Test
    void everyModuleWasRead() {
        List<String> packages =
                classes.stream().map(type -> type.getPackageName()).distinct().toList();

        assertThat(MODULES)
                .allSatisfy(module ->
                        assertThat(packages).anySatisfy(name -> assertThat(name).startsWith("dev.scc." + module)));
    }

    @Test
    void fabricAndVpcKnowOnlyTheHost() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.scc.fabric..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("vpc", "cluster", "job", "testbed", "cli")));
        check(noClasses()
                .that()
                .resideInAPackage("dev.scc.vpc..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("fabric", "cluster", "job", "testbed", "cli")));
    }

    @Test
    void theHostKnowsNoOtherModule() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.scc.host..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("fabric", "vpc", "cluster", "job", "testbed", "cli")));
    }

    @Test
    void clustersKnowNoJobsAndJobsNoCommandLine() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.scc.cluster..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("job", "testbed", "cli")));
        check(noClasses()
                .that()
                .resideInAPackage("dev.scc.job..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("testbed", "cli")));
    }

    @Test
    void theTestbedKnowsOnlyTheHost() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.scc.testbed..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages("fabric", "vpc", "cluster", "job", "cli")));
    }

    @Test
    void onlyVerbsKnowsDisni() {
        onlyIn("dev.scc.fabric.verbs..", "com.ibm.disni..");
    }

    @Test
    void onlyTheZooKeeperLayerKnowsCuratorAndZooKeeper() {
        onlyIn("dev.scc.cluster.zk..", "org.apache.curator..", "org.apache.zookeeper..");
    }

    /** But for servers that a benchmark asks to measure what proofs cost, and models in memory, which nobody calls. */
    @Test
    void everybodyProvesWhoHeIs() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.scc.cluster.server.Security")
                .and()
                .doNotHaveFullyQualifiedName("dev.scc.bench.HostedAgents")
                .should()
                .callMethod("dev.scc.cluster.rpc.Connections", "plain")
                .as("connections without certificates are for benchmarks"));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.scc.cluster.server.Security")
                .and()
                .doNotHaveFullyQualifiedName("dev.scc.bench.PlainServer")
                .should()
                .accessField("dev.scc.cluster.server.Security", "OPEN")
                .as("servers without certificates are for benchmarks"));
    }

    /** With one set of limits, and one place for credentials. */
    @Test
    void sessionsWithTheTreeAreOpenedInOnePlace() {
        String home = "dev.scc.cluster.zk.";
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(home + "TreeSessions")
                .should()
                .callMethodWhere(target(owner(nameMatching(home + "(Curator|Plain)Tree")))
                        .and(target(name("open"))))
                .as("only TreeSessions opens sessions with ZooKeeper"));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(home + "PlainTree")
                .should()
                .callConstructorWhere(target(owner(name("org.apache.zookeeper.ZooKeeper"))))
                .as("only PlainTree makes clients of ZooKeeper itself"));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(home + "CuratorTree")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.apache\\.curator\\.framework\\.CuratorFrameworkFactory.*"));
    }

    /** What they know of the tree, of time and of chance is what they are given. */
    @Test
    void connectionsAreMadeInOnePlace() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.scc.cluster.rpc.GrpcChannel")
                .should()
                .callMethodWhere(target(owner(nameMatching("io\\.grpc\\..*ChannelBuilder")))
                        .and(target(name("build"))))
                .as("only GrpcChannel makes channels"));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.scc.cluster.rpc.RpcServer")
                .should()
                .callMethodWhere(target(owner(nameMatching("io\\.grpc\\..*ServerBuilder")))
                        .and(target(name("build"))))
                .as("only RpcServer makes servers"));
    }

    /** A state is reached by a transition of the one before, or read. */
    @Test
    void statesOfAClusterAreMadeByTheirTransitionsAlone() {
        check(noClasses()
                .that()
                .haveNameNotMatching("dev\\.scc\\.cluster\\.Cluster(Record|Form)(\\$.*)?")
                .should()
                .callConstructorWhere(target(owner(nameMatching("dev\\.scc\\.cluster\\.ClusterRecord\\$.*"))))
                .as("only ClusterRecord and ClusterForm make states of clusters"));
    }

    @Test
    void plannersAskNobody() {
        String plans = "dev.scc.cluster.plan..";
        assertThat(classes.stream().map(type -> type.getPackageName())).contains("dev.scc.cluster.plan");
        check(noClasses()
                .that()
                .resideInAPackage(plans)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.scc.cluster.agent..",
                        "dev.scc.cluster.controller..",
                        "dev.scc.cluster.front..",
                        "dev.scc.cluster.reactor..",
                        "dev.scc.cluster.rpc..",
                        "dev.scc.cluster.tree..",
                        "dev.scc.cluster.zk..",
                        "dev.scc.host.command..",
                        "java.io..",
                        "java.net..",
                        "java.nio..",
                        "java.util.concurrent..",
                        "java.util.random..",
                        "org.slf4j.."));
        check(noClasses()
                .that()
                .resideInAPackage(plans)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Clock.class, InstantSource.class, Random.class));
        check(noClasses().that().resideInAPackage(plans).should().callMethod(Instant.class, "now"));
        check(noClasses().that().resideInAPackage(plans).should().callMethod(System.class, "nanoTime"));
        check(noClasses().that().resideInAPackage(plans).should().callMethod(System.class, "currentTimeMillis"));
    }

    @Test
    void onlyTheCommandLineKnowsPicocli() {
        onlyIn("dev.scc.cli..", "picocli..");
    }

    @Test
    void modulesHaveNoCycles() {
        check(slices().matching("dev.scc.(*)..").should().beFreeOfCycles());
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void packagesOfAModuleHaveNoCycles(String module) {
        check(slices().assignedFrom(new PackagesOf("dev.scc." + module))
                .should()
                .beFreeOfCycles());
    }

    /** These two are built after this module, so that only their sources are there. */
    @ParameterizedTest
    @ValueSource(strings = {"bench", "simulation"})
    void packagesOfWhatIsBesideTheCommandLineHaveNoCycles(String module) throws IOException {
        SourcePackages packages = SourcePackages.below(Path.of("..", module, "src/main/java"));

        assertThat(packages.names()).isNotEmpty();
        assertThat(packages.cycle()).isEmpty();
    }

    @Test
    void aCycleInSourcesIsFound() {
        SourcePackages packages =
                new SourcePackages(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("d", "b"), "d", Set.of()));

        assertThat(packages.cycle()).containsExactly("b", "c", "b");
    }

    /** Each package of a module, the module's own too. */
    private record PackagesOf(String module) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            return name.equals(module) || name.startsWith(module + ".")
                    ? SliceIdentifier.of(name)
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of " + module;
        }
    }

    @Test
    void namesSayWhatAThingIs() {
        check(classes()
                .that()
                .resideInAPackage("dev.scc..")
                .should()
                .haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl)$")
                .as("no class is called Util, Helper, Manager or Impl"));
        assertThat(classes.stream().map(HasName::getName))
                .noneMatch(name -> name.matches(".*\\.(util|common|impl|helper)\\..*"));
    }

    private static void onlyIn(String home, String... libraries) {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }

    private static String[] packages(String... modules) {
        return List.of(modules).stream()
                .map(module -> "dev.scc." + module + "..")
                .toArray(String[]::new);
    }
}
