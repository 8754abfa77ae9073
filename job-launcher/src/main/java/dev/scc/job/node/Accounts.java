package dev.scc.job.node;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import dev.scc.host.libc.FileRights;
import dev.scc.job.RunAs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The Unix accounts of this node, wherever they are administered (NSS): asked anew for each job, so that who has left a group
 * has left it for the next job.
 */
public final class Accounts {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FIELDS = 7;
    /** What getent(1) says where there is none. */
    private static final int NOT_FOUND = 2;

    private final Commands commands;
    private final boolean root;

    /** @param root whether this process can become somebody else */
    Accounts(Commands commands, boolean root) {
        this.commands = commands;
        this.root = root;
    }

    /**
     * Who that is here.
     *
     * @param unmapped the account of those who have none
     * @throws IOException if the node has no such account, or it is one of root's
     */
    JobUser find(RunAs as, String unmapped) throws IOException {
        return switch (as) {
            case RunAs.Root _ -> new JobUser.Same();
            case RunAs.Unmapped _ -> root ? account(new RunAs.Account(unmapped)) : new JobUser.Same();
            case RunAs.Account account -> account(account);
        };
    }

    private JobUser account(RunAs.Account account) throws IOException {
        String name = account.name();
        // By number it would be found, too: "0" is root.
        String[] fields = said("getent", "passwd", name).strip().split(":", -1);
        if (fields.length != FIELDS || !fields[0].equals(name)) {
            throw new IOException("this node has no account " + name);
        }
        int uid = id(name, fields[2]);
        int gid = id(name, fields[3]);
        if (uid == 0) {
            throw new IOException("account " + name + " is root's; jobs of root are started with --as root");
        }
        List<Integer> groups = new ArrayList<>();
        for (String group : said("id", "-G", "--", name).strip().split(" ", -1)) {
            groups.add(id(name, group));
        }
        return new JobUser.Account(name, new FileRights(uid, gid, groups), fields[5]);
    }

    private String said(String... words) throws IOException {
        try {
            CommandResult result = commands.run(Command.of(words).within(PATIENCE));
            if (!result.ok() && result.status() != NOT_FOUND) {
                throw new IOException(String.join(" ", words) + " ended with status " + result.status() + ": "
                        + result.errors().strip());
            }
            return result.output();
        } catch (CommandFailed e) {
            throw new IOException("the accounts of this node cannot be looked up: " + e.getMessage(), e);
        }
    }

    /** The last number stands for "no id" in the kernel's calls, and would change nothing. */
    private static int id(String name, String number) throws IOException {
        try {
            int id = Integer.parseUnsignedInt(number);
            if (id == -1) {
                throw new NumberFormatException(number);
            }
            return id;
        } catch (NumberFormatException e) {
            throw new IOException("account " + name + " has an id that is none: " + number, e);
        }
    }
}
