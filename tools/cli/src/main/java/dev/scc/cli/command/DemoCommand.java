package dev.scc.cli.command;

import dev.scc.cli.context.UserDirectories;
import dev.scc.cli.demo.Demo;
import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.render.OutputFormat;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scc demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "The whole road on this machine: a testbed of virtual nodes with real Soft-RoCE, create, verify, an MPI job"
                    + " over RDMA, delete; each with its time. Leaves nothing outside its data folder.",
            "",
            "Ctrl-C on the way takes the testbed down before the command ends."
        })
final class DemoCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Its data folder; default \\${XDG_STATE_HOME:-~/.local/state}/scc/demo.")
    @Nullable
    Path data;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        String launcher = Optional.ofNullable(System.getenv("SCC_LAUNCHER")).orElseGet(LocalTestbed::launcher);
        Path folder = Objects.requireNonNullElseGet(
                data, () -> UserDirectories.state().resolve("demo"));
        boolean people = session.options().output == OutputFormat.table;
        session.printer()
                .answer(new Demo(launcher, LocalTestbed.home(), folder.toAbsolutePath(), line -> {
                            (people ? session.out() : session.err()).println(line);
                            session.out().flush();
                        })
                        .run());
        return ExitStatus.DONE.code();
    }
}
