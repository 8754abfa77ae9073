package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.failure.Problem;
import dev.scc.cli.view.StartedJobView;
import dev.scc.cluster.ClusterName;
import dev.scc.cluster.Roster;
import dev.scc.cluster.client.ClusterClient;
import dev.scc.cluster.view.ClusterView;
import dev.scc.host.UserMistake;
import dev.scc.job.Attachment;
import dev.scc.job.ExitCodes;
import dev.scc.job.JobOutcome;
import dev.scc.job.JobSpec;
import dev.scc.job.MpiChoice;
import dev.scc.job.RankSetting;
import dev.scc.job.Stage;
import dev.scc.job.Tasks;
import dev.scc.job.client.JobClient;
import dev.scc.job.client.OutputSink;
import dev.scc.job.client.Restarts;
import dev.scc.job.client.Supply;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scc run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Run a job on a cluster: its output here, its exit status ours. Ctrl-C ends it everywhere,",
            "unless it was started with --detach or --on-disconnect keep.",
            "Standard input goes to rank 0; what it does not read is lost, so in a loop give it </dev/null.",
            "A job whose transport would not be RDMA is refused (exit status 6) unless TCP is allowed."
        },
        footer = {
            "",
            "Examples:",
            "  scc run demo -n 6 -- ./mpi_app",
            "  scc run demo --per-node 8 --mpi torch -- python3 train.py",
            "  scc run demo -n 6 --allow-tcp --receipt receipt.json -- ./mpich_app",
            "  scc run demo --mpi none --label -- uname -r",
            "  scc run demo -n 6 --output-dir out -- ./mpi_app",
            "  scc run demo --time-limit 2h --signal USR1@5m --grace 30s -- ./app",
            "  scc run demo --restarts 3 --checkpoint-dir /shared/run7 -- ./app",
            "  scc run demo --detach -- ./long_app; scc job list",
            "  scc run demo --detach --request night-7 -- ./long_app    # repeated, it is the same job",
            "  scc run demo -n 6 --stage build --collect 'out/*' -- ./mpi_app",
            "  scc run demo -n 6 --map-by core --dry-run -- ./mpi_app",
            "  scc run demo --tty -- gdb ./app"
        })
final class RunCommand implements Callable<Integer> {
    private static final String RANKS_END = "its nodes end every rank, now that nobody listens any more";

    private static final String GOES_ON = "the job goes on; scc job list shows it, scc job cancel ends it";

    private final Session session;

    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Where to run it.")
    String cluster = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "The command, after --.")
    List<String> argv = List.of();

    @Option(names = "-n", paramLabel = "RANKS", description = "How many processes; default one on each node.")
    @Nullable
    Integer ranks;

    @Option(names = "--per-node", paramLabel = "K", description = "The most that one node gets.")
    @Nullable
    Integer perNode;

    @Option(
            names = "--mpi",
            paramLabel = "MPI",
            converter = MpiText.class,
            description =
                    "openmpi, mpich, torch, none, or auto (default): what the executable is linked with. Ranks of Open MPI"
                            + " are started directly where all nodes of the job have its PMIx library, otherwise by mpirun;"
                            + " openmpi-pmix and openmpi-mpirun insist on one of them."
                            + " torch gives ranks what torchrun does, for NCCL over RDMA (or, with --allow-tcp, TCP).")
    MpiChoice mpi = MpiChoice.AUTO;

    @Option(names = "--allow-tcp", description = "Ranks talk over TCP, also where they could use RDMA.")
    boolean allowTcp;

    @Option(
            names = "--receipt",
            paramLabel = "FILE",
            description = "Write the counters that prove what was used, as JSON.")
    @Nullable
    Path receipt;

    @Option(names = "--env", paramLabel = "K=V", description = "Added to each rank's environment.")
    List<KeyValue> environment = List.of();

    @Mixin
    TimeOptions times = new TimeOptions();

    @Mixin
    RestartOptions restart = new RestartOptions();

    @Mixin
    JobRequestOptions request = new JobRequestOptions();

    @Mixin
    PlacementOptions placement = new PlacementOptions();

    @Mixin
    StageOptions stage = new StageOptions();

    @Mixin
    OutputOptions output = new OutputOptions();

    @Option(
            names = "--as",
            paramLabel = "root",
            description = "Run as root on the nodes, which administrators may; else the job runs as your account there,"
                    + " or as the one that is for all who have none.")
    @Nullable
    Rights as;

    /** What a caller may ask for beyond the own. */
    enum Rights {
        ROOT
    }

    @Option(
            names = "--no-preflight",
            description =
                    "Start it also where the doctor's rules have found an error on a node, as a job is not that needs"
                            + " RDMA between nodes; and do not say what they have found.")
    boolean noPreflight;

    @Option(
            names = "--detach",
            description = "Print the job's id when it has started, and leave it alone: scc job logs -f ID shows what it"
                    + " writes.")
    boolean detach;

    @Option(
            names = "--tty",
            description =
                    "The one rank gets a terminal, and this command lends it its own: Ctrl-C, Ctrl-Z, Ctrl-D and the"
                            + " window's size are the rank's. For a shell see scc shell.")
    boolean tty;

    @Option(
            names = "--on-disconnect",
            paramLabel = "WHAT",
            description = "When this command is gone, cancel the job (default) or keep it.")
    OnDisconnect onDisconnect = OnDisconnect.CANCEL;

    /** What becomes of a job whose client is gone. */
    enum OnDisconnect {
        CANCEL,
        KEEP
    }

    RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        ClusterName name = UserMistake.reading(cluster, ClusterName::new);
        String what = "run on " + name;
        String directory = WorkingDirectory.text();
        if (tty) {
            requireTerminalAlone();
        }
        Optional<CallerTerminal> terminal = tty ? Optional.of(CallerTerminal.of(what)) : Optional.empty();
        Optional<Stage> staged = stage.stage(what);
        MpiChoice family = stage.mpi(tty && mpi == MpiChoice.AUTO ? MpiChoice.NONE : mpi, argv.getFirst());
        JobSpec wanted = UserMistake.reading(
                argv,
                words -> new JobSpec(
                        words,
                        Optional.ofNullable(ranks).or(() -> tty ? Optional.of(1) : Optional.empty()),
                        Optional.ofNullable(perNode),
                        family,
                        allowTcp,
                        terminal.map(lent -> lent.environment(KeyValue.map(environment)))
                                .orElseGet(() -> KeyValue.map(environment)),
                        staged.isPresent() ? "/" : directory,
                        output.label,
                        as == Rights.ROOT,
                        Optional.of(times.times()),
                        Optional.empty(),
                        Optional.of(new RankSetting(
                                Optional.empty(),
                                terminal.map(CallerTerminal::size),
                                staged,
                                placement.mapping(),
                                Optional.empty(),
                                restart.checkpoints(directory))),
                        List.of(),
                        Optional.empty()));
        JobSpec spec = request.under(wanted, placement.dryRun);
        if (receipt != null) {
            requireWritable(receipt);
        }
        requireStaying();
        RestartPool repairs = new RestartPool(session, name, as == Rights.ROOT);
        Restarts restarts = UserMistake.reading(
                restart.most,
                most -> new Restarts(
                        name,
                        most,
                        restart.patience,
                        repairs,
                        repairs::ended,
                        onDisconnect == OnDisconnect.KEEP,
                        Tasks.ofThreads(),
                        session.printer()::remark));
        Roster roster;
        Optional<String> permit;
        try (ClusterClient pool = Pool.connect(session.options())) {
            roster = pool.roster(name).orElseThrow(() -> Pool.noSuchCluster(what, name));
            permit = pool.permit(name, as == Rights.ROOT);
            if (!noPreflight) {
                RunPreflight.of(what, roster, spec, session.printer()::remark)
                        .check(pool.cluster(name).map(ClusterView::findings).orElse(List.of()));
            }
        }
        if (placement.dryRun) {
            JobSpec planned = spec.where(spec.found().onlyPlanned());
            JobOutcome outcome = new JobClient(session.options().connections())
                    .run(
                            roster,
                            planned,
                            permit,
                            Attachment.BOUND,
                            Supply.none(),
                            new PlacementSink(session, name, planned));
            report(what).tell(outcome);
            return ExitCodes.of(outcome);
        }
        if (terminal.isPresent()) {
            return new TerminalJob(session, what, report(what)).run(terminal.get(), stage, roster, spec, permit);
        }
        if (detach) {
            return startAlone(what, roster, spec, permit);
        }
        Attachment attachment = onDisconnect == OnDisconnect.KEEP ? Attachment.LOOSE : Attachment.BOUND;
        String afterwards = onDisconnect == OnDisconnect.KEEP ? GOES_ON : RANKS_END;
        JobOutput own = new JobOutput(session, name);
        Optional<RankFiles> files = output.files(own);
        CollectedFiles sink = new CollectedFiles(
                stage.directory, files.<OutputSink>map(each -> each).orElse(own));
        JobOutcome outcome;
        JobClient client = new JobClient(session.options().connections());
        try {
            outcome = TimeLimit.within(
                    Optional.ofNullable(session.options().timeout),
                    what,
                    afterwards,
                    () -> restarts.run(new Restarts.Place(roster, permit), spec, (place, again, started) -> {
                        try (JobSignals signals = new JobSignals(
                                session,
                                client,
                                place.roster().members().getFirst(),
                                place.permit(),
                                times.grace != null)) {
                            sink.anew();
                            InputStream input =
                                    again.restarts() == 0 ? JobInput.stream() : InputStream.nullInputStream();
                            return client.run(
                                    place.roster(),
                                    again.restarts() == 0 ? again : stage.anew(what, again),
                                    place.permit(),
                                    attachment,
                                    Supply.of(input).with(stage.files()),
                                    Restarts.noting(started, signals.before(sink)));
                        }
                    }));
        } catch (InterruptedException e) {
            throw new Failure(ExitStatus.INTERRUPTED, new Problem(what, "", "", "interrupted", afterwards, ""));
        } catch (Restarts.GivenUp e) {
            throw repairs.failure(e);
        } finally {
            own.flush();
            files.ifPresent(RankFiles::close);
            sink.close();
        }
        Optional<Problem> unfiled = files.flatMap(RankFiles::problem);
        unfiled.ifPresent(session.printer()::problem);
        sink.problem().ifPresent(session.printer()::problem);
        Optional<Problem> missing = unfiled.or(sink::problem);
        Optional<Problem> unwritten = report(what).tell(outcome).or(() -> missing);
        int status = ExitCodes.of(outcome);
        return unwritten.isPresent() && status == 0 ? ExitStatus.FAILED.code() : status;
    }

    private int startAlone(String what, Roster roster, JobSpec spec, Optional<String> permit) throws Exception {
        JobClient.Start start = TimeLimit.within(
                Optional.ofNullable(session.options().timeout),
                what,
                "if it was started, it goes on; scc job list shows it",
                () -> new JobClient(session.options().connections()).start(roster, spec, permit, stage.files()));
        return switch (start) {
            case JobClient.Start.Running running -> {
                session.printer().answer(new StartedJobView(running.started().job()));
                yield ExitStatus.DONE.code();
            }
            case JobClient.Start.Over over -> {
                report(what).tell(over.outcome());
                yield ExitCodes.of(over.outcome());
            }
        };
    }

    /** A terminal is here and now, and all that is written goes there. */
    private void requireTerminalAlone() throws Failure {
        Optional<String> other = detach
                ? Optional.of("--detach")
                : restart.most > 0
                        ? Optional.of("--restarts")
                        : output.directory != null
                                ? Optional.of("--output-dir")
                                : onDisconnect == OnDisconnect.KEEP
                                        ? Optional.of("--on-disconnect keep")
                                        : Optional.empty();
        if (other.isPresent()) {
            throw mistake(
                    "a job with the terminal of this command ends with it, and " + other.get()
                            + " is for one that has none",
                    "leave out --tty or " + other.get());
        }
    }

    private JobReport report(String what) {
        return new JobReport(session, what, Optional.ofNullable(receipt));
    }

    private Failure mistake(String why, String next) {
        return new Failure(
                ExitStatus.USAGE, new Problem("run on " + cluster, "", "", why, "nothing was started", next));
    }

    /** What is to be written here is lost when this command is gone. */
    private void requireStaying() throws Failure {
        if (detach && restart.most > 0) {
            throw mistake(
                    "with --detach nobody stays to start it again, as --restarts asks for", "leave out one of them");
        }
        if (detach && !stage.globs.isEmpty()) {
            throw mistake("with --detach nobody stays to take what --collect brings back", "leave out one of them");
        }
        if (detach && output.directory != null) {
            throw mistake(
                    "with --detach nobody stays to write to --output-dir",
                    "leave out one of them; scc job logs --output-dir DIR ID writes what a job has written");
        }
    }

    /** Before the job, which may take days. */
    private static void requireWritable(Path file) throws Failure {
        Path directory = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? !Files.isDirectory(file) && Files.isWritable(file)
                : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
        if (!writable) {
            throw new Failure(
                    ExitStatus.USAGE,
                    new Problem(
                            "receipt " + file,
                            "",
                            "",
                            "cannot be written there",
                            "nothing was started",
                            "name a file in a directory that exists"));
        }
    }
}
