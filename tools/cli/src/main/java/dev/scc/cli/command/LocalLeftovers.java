package dev.scc.cli.command;

import dev.scc.cli.context.Contexts;
import dev.scc.cli.context.UserDirectories;
import dev.scc.cli.failure.Failure;
import dev.scc.cli.view.GcView;
import dev.scc.testbed.DownOutcome;
import dev.scc.testbed.Leftovers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What testbeds of this user have left on this machine.
 *
 * @param poolGone the pool that the commands mean was such a testbed
 */
record LocalLeftovers(List<GcView.Item> items, boolean poolGone) {
    private static final String PLACE = "this machine";

    LocalLeftovers {
        items = List.copyOf(items);
    }

    /** @param remove whether they are removed, too, with their contexts */
    static LocalLeftovers look(boolean remove) throws Failure, IOException {
        List<GcView.Item> items = new ArrayList<>();
        boolean poolGone = false;
        for (Leftovers.Leftover left : Leftovers.find(
                UserDirectories.state(), List.of(LocalTestbed.ofThisUser().name()))) {
            String problem = "";
            Contexts contexts = Contexts.read(Contexts.defaultFile());
            poolGone |= contexts.current().equals(left.name().value());
            if (remove) {
                DownOutcome outcome = LocalTestbed.of(left.name()).testbed().down();
                problem = String.join("; ", outcome.left());
                if (outcome.clean()
                        && contexts.contexts().containsKey(left.name().value())) {
                    contexts.without(left.name().value()).write(Contexts.defaultFile());
                }
            }
            items.add(GcCommand.item(PLACE, "testbed " + left.name(), left.why(), problem, !remove));
        }
        return new LocalLeftovers(items, poolGone);
    }
}
