package dev.scc.cli.command;

import dev.scc.cli.failure.ExitStatus;
import dev.scc.cli.view.PeopleView;
import dev.scc.cluster.client.TrustClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code scc user list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Who was let in, and what each may do.",
        footer = {"", "Example:", "  scc user list -o json"})
final class UserListCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;

    UserListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Exception {
        try (TrustClient pool = Pool.trust(session.options(), PATIENCE)) {
            session.printer()
                    .answer(new PeopleView(pool.people().stream()
                            .map(person -> new PeopleView.Person(
                                    person.who().name(),
                                    person.who().role().toString(),
                                    person.rights().clusters(),
                                    person.rights().unixUser().orElse(""),
                                    person.rights().quota()))
                            .toList()));
        }
        return ExitStatus.DONE.code();
    }
}
