package dev.scc.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cluster.client.ServerFailed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineRunTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void anUnknownCommandIsAUsageErrorWithASuggestion() {
        int status = run("complete");

        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("\"complete\"")
                .contains("did you mean \"completion\"?");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scale a 99 | there is one word too many: \"99\" | scc scale --help",
                "create c --node 2 | unknown option \"--node\" | did you mean \"--nodes\"? See scc create --help",
                "--quite list | unknown option \"--quite\" | did you mean \"--quiet\"?",
                "create c --nodes 1000000000000 | '1000000000000' is no whole number up to 2147483647 | scc create --help",
            })
    void aWordThatNobodyKnowsIsNamedWithWhatWasMeant(String words, String why, String next) {
        int status = run(words.split(" "));

        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(why, next);
    }

    @Test
    void whatAServerCouldNotDoIsNoDefect() {
        Failure failure = Failures.of(
                "scc events",
                new ServerFailed("the audit log cannot be read: I/O error", new IOException()),
                System.err);

        assertThat(failure.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(failure.problem().what()).isEqualTo("events");
        assertThat(failure.problem().why()).isEqualTo("the server: the audit log cannot be read: I/O error");
    }

    @Test
    void aUsageErrorIsJsonWhereJsonWasAsked() {
        int status = run("-o", "json", "complete");

        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("{\"error\":{\"what\":\"usage\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "5 m", "-1s", "soon"})
    void aTimeoutThatIsNoDurationIsAUsageError(String text) {
        int status = run("completion", "bash", "--timeout", text);

        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is not a duration such as 30s, 5m or 1h");
    }

    @Test
    void globalOptionsMayStandBeforeAndAfterTheCommand() {
        assertThat(run("--quiet", "completion", "bash")).isZero();
        assertThat(run("completion", "bash", "--quiet")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "agent --node n1, true",
        "server --data d, true",
        "agents --kind sim, true",
        "-o json agent, true",
        "--server agent list, false",
        "list, false",
        "run demo -- agent, false",
        "--help, false"
    })
    void aDaemonIsKnownByItsCommandWhateverStandsBeforeIt(String words, boolean daemon) {
        assertThat(CommandLineRun.isDaemon(words.split(" "))).isEqualTo(daemon);
    }

    @Test
    void aReceiptThatCannotBeWrittenIsRefusedBeforeTheJob() {
        int status = run("run", "demo", "--receipt", "/no/such/directory/receipt.json", "--", "true");

        assertThat(status).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("receipt /no/such/directory/receipt.json", "nothing was started");
    }

    @Test
    void theValueOfAnOptionIsNotTakenForTheCommand() {
        assertThat(run("--timeout", "5s", "-o", "json", "completion", "bash"))
                .as(err::toString)
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--name s1 | --name goes with --peers",
                "--peers s1=h1,s2=h2,s3=h3 | which of them is this server?",
                "--peers s1=h1,s2=h2,s3=h3 --name s4 | s4, is not among the peers s1,s2,s3",
                "--peers s1=h1,s2=h2 --name s1 | does not survive the loss of a server",
                "--peers s1=h1,s2=h2,s3=h3 --name s1 --port 5 | --port is for a single server",
                "--peers s1=h1,s2=h2,s3=h3 --name s1 --zookeeper h:1 | exclude each other",
                "--zookeeper h:1 | asks nobody who he is",
                "--insecure-zookeeper | --insecure-zookeeper is for --zookeeper",
                "--zookeeper h:1 --zookeeper-trust /dev/null | /dev/null does not hold certificates of authorities in PEM",
                "--zookeeper h:1 --zookeeper-trust x --insecure-zookeeper | leave one out",
                "--zookeeper h:1 --zookeeper-identity x | --zookeeper-identity goes with --zookeeper-trust",
                "--signer /etc | --signer /etc is no program that can be run",
                "--signer-check | --signer-check goes with --signer",
                "--session 1s | --session 1s is not 2s to 20s",
                "--peers s1=h1,s2=h2,s3=h3 --name s1 --session 2s | --session 2s is not 4s to 20s"
            })
    void aServerThatCannotTakeItsPlaceIsRefusedBeforeItWritesAnything(String options, String why) {
        int status = run(("server --data /proc/scc-cannot-write-here " + options).split(" "));

        assertThat(err.toString(StandardCharsets.UTF_8)).contains(why);
        assertThat(status).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("everyCommand")
    void everyCommandHasAHelpTextThatFitsTheScreen(String command) {
        String[] words = (command + " --help").strip().split(" ");

        assertThat(run(words)).isZero();

        String help = out.toString(StandardCharsets.UTF_8);
        assertThat(help).contains("Usage: scc");
        assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
    }

    @Test
    void auditLogsAreVerifiedByACommandOfTheirOwn() {
        assertThat(run("audit", "log", "verify", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: scc audit log verify");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            show Not_A_Name                          | cluster name "Not_A_Name"
            run c -n 0 -- true                       | -n 0 is not at least 1
            run c --env =x -- true                   | "=x" is not KEY=VALUE
            run c --mpi openmp -- true               | "openmp" is none of auto, openmpi, openmpi-pmix, openmpi-mpirun, mpich, torch, none
            agent --server h:1 --node n1 --underlay e --rdma r --data d --mesh 9999 | --mesh: 9999 packets a second is not 1 to 5000
            agent --server h:1 --node n1 --underlay e --rdma r --data d --mesh --no-rdma-device | --mesh needs an RDMA device
            testbed up --kind sim --mesh             | --mesh is for nodes of kind vm
            run Bad/Name -- true                     | cluster name "Bad/Name"
            create c --nodes 2 --select rack         | "rack" is not KEY=VALUE
            node show N1                             | node name "N1"
            events --node n1                         | --node and --all name audit logs: add --audit
            events --audit --node n1 --all           | leave --node or --all out
            audit log verify --data d --all          | --data asks no server
            node label n1 x                          | is neither KEY=VALUE nor KEY-
            testbed exec N_1 -- true                 | node name "N_1"
            testbed up --kind sim --nodes 0          | has 1 to 10000 nodes, not 0
            server --data d --port 99999             | --port: port out of range:99999
            server --data d --name s1 --peers s1     | "s1" is not a peer such as
            agent --server h:1 --node n1 --underlay e --rdma r --data d --port 0 | --port 0 is not 1 to 65534
            """)
    void aWordThatCannotBeMeantIsAUsageError(String words, String why) {
        System.setProperty("scc.state", "target/state");
        System.setProperty("scc.cache", "target/cache");
        System.setProperty("scc.config", "target/config");

        int status = run(words.split(" "));

        assertThat(err.toString(StandardCharsets.UTF_8)).contains(why).doesNotContain("defect");
        assertThat(status).isEqualTo(2);
    }

    @Test
    void anIllegalArgumentOfOurOwnIsADefectAndItsTraceIsKept(@TempDir Path state) throws IOException {
        System.setProperty("scc.state", state.toString());

        Failure failure = Failures.of("scc show", new IllegalArgumentException("VLAN 0"), System.err);

        assertThat(failure.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(failure.problem().why()).contains("a defect in scc").contains("VLAN 0");
        try (Stream<Path> reports = Files.list(state.resolve("defects"))) {
            Path report = reports.findFirst().orElseThrow();
            assertThat(failure.problem().next()).contains("please report it").contains(report.toString());
            assertThat(report)
                    .content()
                    .contains("scc show", "VLAN 0", "\tat " + getClass().getName());
        }
    }

    @Test
    void aDefectThatCannotBeWrittenDownIsPrinted() {
        System.setProperty("scc.state", "/proc/no-such-directory");

        Failure failure = Failures.of(
                "scc show", new IllegalStateException("broken"), new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(failure.problem().next()).contains("with the lines above");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("IllegalStateException: broken", "    at ");
    }

    @Test
    void theWordsOfAJobAreItsOwn() {
        RunCommand job = new RunCommand(new Session(new GlobalOptions(), System.out, System.err));
        String[] words = {
            "run",
            "demo",
            "--env",
            "Q=q\"q,r",
            "--env",
            "E=",
            "--env",
            "D=a=\"b c\"",
            "--",
            "@list",
            "@@x",
            "-n",
            "--mpi",
            "-Dx=y",
            "--",
            "\"half",
            "'",
            "",
            "--quiet",
            "-o",
            "json"
        };

        CommandLineRun.prepared(new CommandLine(job), new GlobalOptions())
                .parseArgs(Arrays.copyOfRange(words, 1, words.length));

        assertThat(job.argv)
                .containsExactly(
                        "@list", "@@x", "-n", "--mpi", "-Dx=y", "--", "\"half", "'", "", "--quiet", "-o", "json");
        assertThat(KeyValue.map(job.environment)).isEqualTo(Map.of("Q", "q\"q,r", "E", "", "D", "a=\"b c\""));
    }

    static Stream<String> everyCommand() {
        CommandLine line = Commands.line(new Session(new GlobalOptions(), System.out, System.err));
        return names("", line);
    }

    private static Stream<String> names(String prefix, CommandLine line) {
        return Stream.concat(
                Stream.of(prefix),
                line.getSubcommands().entrySet().stream()
                        .flatMap(entry -> names((prefix + " " + entry.getKey()).strip(), entry.getValue())));
    }

    private int run(String... words) {
        return CommandLineRun.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
