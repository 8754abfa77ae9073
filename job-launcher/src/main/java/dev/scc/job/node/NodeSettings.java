package dev.scc.job.node;

import dev.scc.host.Cgroup;
import dev.scc.host.Location;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.libc.OwnProcess;
import dev.scc.job.RunAs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a node runs its part of jobs.
 *
 * @param cgroups below which each job gets a cgroup; only scc's jobs are in it
 * @param directory where each job gets a directory and a socket; short, because the path of a socket has at most 107 bytes
 * @param stages where each job that brings files along gets a folder for them: on a disk, where programs may start
 * @param location where the processes of jobs are started, and where they find their PMI server
 * @param silence after which a lead that has not been heard of is given up, and its job here ended
 * @param policy what jobs are granted
 */
public record NodeSettings(
        Path cgroups,
        Path directory,
        Path stages,
        JobTools tools,
        Location location,
        Duration silence,
        JobPolicy policy) {
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final List<String> INHERITED = List.of("HOME", "USER", "LOGNAME", "LANG", "TZ");
    private static final Map<String, String> OWN = ownEnvironment();

    /**
     * Those of an agent in production. Stages are beside its data directory, which nobody else can enter: {@code /run} is small,
     * and on some systems no program starts there.
     *
     * @param data the agent's data directory
     * @throws IOException if this machine has no cgroups of version 2
     */
    public static NodeSettings installed(JobPolicy policy, Path data) throws IOException {
        return at(
                Cgroup.root().resolve("scc"),
                Path.of("/run/scc/jobs"),
                Path.of(data.toAbsolutePath().normalize() + "-stages"),
                new Location.Machine(),
                policy);
    }

    /**
     * Those of an agent that shares its machine with others.
     *
     * @param name of its cgroup and its directory, of no other agent on this machine
     * @throws IOException if this machine has no cgroups of version 2
     */
    public static NodeSettings shared(String name, Location location) throws IOException {
        return at(
                Cgroup.root().resolve(name),
                Path.of("/run", name),
                Path.of("/var/lib", name + "-stages"),
                location,
                JobPolicy.usual());
    }

    /** The usual, in these places. */
    public static NodeSettings at(Path cgroups, Path directory, Path stages, Location location, JobPolicy policy) {
        return new NodeSettings(cgroups, directory, stages, JobTools.installed(), location, SILENCE, policy);
    }

    /**
     * Whom a job runs as here.
     *
     * @throws IOException if this node has no such account
     */
    JobUser user(RunAs as) throws IOException {
        return new Accounts(new LocalCommands(), ownsRoot()).find(as, policy.account());
    }

    private static boolean ownsRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** Where processes of jobs look for programs. */
    public static String searchPath() {
        return OWN.getOrDefault("PATH", DEFAULT_PATH);
    }

    private static Map<String, String> ownEnvironment() {
        try {
            return OwnProcess.environment();
        } catch (IOException e) {
            throw new UncheckedIOException("the environment that jobs inherit", e);
        }
    }

    /** What every process of a job inherits from the agent: little, so that jobs do not depend on how it was started. */
    static Map<String, String> baseEnvironment() {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", searchPath()));
        for (String name : INHERITED) {
            String value = OWN.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        return environment;
    }
}
