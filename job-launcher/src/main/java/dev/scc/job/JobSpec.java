package dev.scc.job;

import dev.scc.cluster.RequestBounds;
import dev.scc.host.Bounds;
import dev.scc.host.Later;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to run on a cluster.
 *
 * @param argv the command and its arguments, the same for each rank; a command without a slash is looked up in PATH
 * @param ranks how many processes, at least 1; empty for {@code perNode} on each node, or one on each
 * @param perNode the most that one node gets, at least 1; empty for an even spread
 * @param allowTcp whether the ranks may talk to each other over anything but RDMA
 * @param environment added to each rank's environment
 * @param directory where the ranks start; nodes where it does not exist are named, and nothing is started
 * @param prefix whether each line of output says which rank wrote it
 * @param asRoot whether the ranks are to have all rights on the nodes, which administrators may ask for
 * @param attempt the how manieth time it is tried, from 1; empty for the first
 * @param times how long it may run, and what its ranks hear before they are killed; empty for no limit
 * @param setting what ranks find where they start; empty for nothing beyond what all do
 * @param earlier what it was as a job each time before that it was started, the first first; the last {@value #EARLIER}
 * @param request the id under which it is asked for, at most once for each attempt; empty if it is not to be asked for again
 */
public record JobSpec(
        List<String> argv,
        Optional<Integer> ranks,
        Optional<Integer> perNode,
        MpiChoice mpi,
        boolean allowTcp,
        Map<String, String> environment,
        String directory,
        boolean prefix,
        boolean asRoot,
        @Later Optional<JobTimes> times,
        @Later Optional<Integer> attempt,
        @Later Optional<RankSetting> setting,
        @Later List<JobId> earlier,
        @Later Optional<String> request) {
    /** So many of the attempts before are remembered. */
    public static final int EARLIER = 100;

    public JobSpec {
        earlier = List.copyOf(earlier);
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty() || argv.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a job has no command");
        }
        long length = Stream.of(argv.stream(), environment.keySet().stream(), environment.values().stream())
                .flatMap(texts -> texts)
                .mapToLong(String::length)
                .sum();
        if (length > JobLimits.TEXT) {
            throw new IllegalArgumentException(
                    "words and variables of a job with " + length + " characters are longer than " + JobLimits.TEXT);
        }
        Bounds.within("number of attempts before", earlier.size(), 0, EARLIER);
        request.flatMap(RequestBounds::objection).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        attempt.filter(number -> number < 1).ifPresent(number -> {
            throw new IllegalArgumentException("attempt " + number + " is not at least 1");
        });
        ranks.filter(count -> count < 1).ifPresent(count -> {
            throw new IllegalArgumentException("-n " + count + " is not at least 1");
        });
        perNode.filter(count -> count < 1).ifPresent(count -> {
            throw new IllegalArgumentException("--per-node " + count + " is not at least 1");
        });
        if (setting.flatMap(RankSetting::terminal).isPresent()) {
            requireOneRank(ranks, perNode, mpi, prefix);
        }
        Stream.of(argv.stream(), environment.values().stream(), Stream.of(directory))
                .flatMap(texts -> texts)
                .filter(text -> text.indexOf('\0') >= 0)
                .findFirst()
                .ifPresent(text -> {
                    throw new IllegalArgumentException("\"" + text.replace('\0', '?') + "\" has a zero byte");
                });
        environment.keySet().stream()
                .filter(name -> name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0)
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("\"" + name + "\" is not the name of an environment variable");
                });
    }

    /** With the rights of the caller. */
    public JobSpec(
            List<String> argv,
            Optional<Integer> ranks,
            Optional<Integer> perNode,
            MpiChoice mpi,
            boolean allowTcp,
            Map<String, String> environment,
            String directory,
            boolean prefix) {
        this(
                argv,
                ranks,
                perNode,
                mpi,
                allowTcp,
                environment,
                directory,
                prefix,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    private static void requireOneRank(
            Optional<Integer> ranks, Optional<Integer> perNode, MpiChoice mpi, boolean prefix) {
        if (ranks.orElse(0) != 1 || perNode.orElse(1) != 1) {
            throw new IllegalArgumentException("a terminal is for one rank, and the job would have "
                    + ranks.map(count -> count == 1 ? "one on each node" : count.toString())
                            .orElse("one on each node")
                    + "; say -n 1, or leave out --tty");
        }
        if (mpi != MpiChoice.NONE) {
            throw new IllegalArgumentException(
                    "a rank with a terminal is started for itself; say --mpi none, or leave out --tty");
        }
        if (prefix) {
            throw new IllegalArgumentException("what is written to a terminal has no lines to put --label in front of");
        }
    }

    /** The same, with all rights. */
    public JobSpec withAllRights() {
        return with(true, times, attempt, setting, earlier, request);
    }

    /** The same, with these times. */
    public JobSpec within(JobTimes limits) {
        return with(asRoot, Optional.of(limits), attempt, setting, earlier, request);
    }

    /** The same, for the how manieth time, after these jobs. */
    public JobSpec again(int number, List<JobId> before) {
        List<JobId> last = before.subList(Math.max(0, before.size() - EARLIER), before.size());
        return with(asRoot, times, Optional.of(number), setting, last, request);
    }

    /** The same, whose ranks find this. */
    public JobSpec where(RankSetting found) {
        return with(asRoot, times, attempt, Optional.of(found), earlier, request);
    }

    /** The same, asked for under this id. */
    public JobSpec under(String id) {
        return with(asRoot, times, attempt, setting, earlier, Optional.of(id));
    }

    private JobSpec with(
            boolean root,
            Optional<JobTimes> limits,
            Optional<Integer> number,
            Optional<RankSetting> found,
            List<JobId> before,
            Optional<String> id) {
        return new JobSpec(
                argv,
                ranks,
                perNode,
                mpi,
                allowTcp,
                environment,
                directory,
                prefix,
                root,
                limits,
                number,
                found,
                before,
                id);
    }

    /** What its ranks find where they start. */
    public RankSetting found() {
        return setting.orElseGet(RankSetting::usual);
    }

    /** How often it has been started before this time. */
    public int restarts() {
        return attempt.orElse(1) - 1;
    }

    /** The command once per node, with nothing else asked for. */
    public static JobSpec of(List<String> argv) {
        return new JobSpec(argv, Optional.empty(), Optional.empty(), MpiChoice.AUTO, false, Map.of(), "/", false);
    }
}
