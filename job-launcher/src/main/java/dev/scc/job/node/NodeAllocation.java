package dev.scc.job.node;

import dev.scc.cluster.rpc.Answers;
import dev.scc.host.Cgroup;
import dev.scc.host.FileTree;
import dev.scc.host.Ipv4;
import dev.scc.host.Location;
import dev.scc.job.JobLimits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a job has of this node: cgroup, directories, socket, ports, processors. All of it is there from its beginning to its end. */
final class NodeAllocation {
    private static final Logger log = LoggerFactory.getLogger(NodeAllocation.class);
    private static final Duration REMOVAL = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final int MOST_LOOKS = 300;
    /** What comes after a job's name in that of the directory which is not the job's, but ours. */
    static final String ORDERS = ".orders";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> FOUND_BY_NAME = PosixFilePermissions.fromString("rwx--x--x");

    private final NodeOrder.Open open;
    private final JobUser user;
    private final Path directory;
    private final Path orders;
    private final Path staged;
    private final Cgroup cgroup;
    private final Location.Company company;
    private final PmiRelay pmi;
    private final Optional<VpcDoor> door;
    private final Processors processors;
    private final Optional<Processors.Share> share;
    private final AgentSocket socket;
    private final Optional<StageArea> stage;
    private final LaunchedRanks launched;

    /** Finds the address in the cluster's VPC that the node has. */
    @FunctionalInterface
    interface OwnAddress {
        Ipv4 find() throws IOException;
    }

    /**
     * Makes all of it.
     *
     * @param own asked only if the job needs the VPC
     * @throws IOException if a part of it cannot be made; what was made before is removed again
     */
    NodeAllocation(
            NodeSettings settings,
            NodeOrder.Open open,
            OwnAddress own,
            JobUser user,
            Answers<NodeEvent> lead,
            Processors processors)
            throws IOException, InterruptedException {
        this.open = open;
        this.user = user;
        this.processors = processors;
        directory = settings.directory().resolve(open.job().value());
        orders = settings.directory().resolve(open.job() + ORDERS);
        staged = settings.stages().resolve(open.job().value());
        launched = new LaunchedRanks(open.ranks(), directory, user, lead);
        Files.createDirectories(settings.directory());
        // Only those who know the name of a job find what it has here.
        Files.setPosixFilePermissions(settings.directory(), FOUND_BY_NAME);
        Files.createDirectory(directory, PRIVATE);
        List<Closeable> made = new ArrayList<>(List.of(() -> Files.delete(directory)));
        boolean complete = false;
        try {
            give(directory);
            Files.createDirectory(orders, PRIVATE);
            made.add(() -> Files.delete(orders));
            cgroup = Cgroup.create(settings.cgroups().resolve(open.job().value()));
            made.add(() -> Files.delete(cgroup.directory()));
            limit("pids.max", settings.policy().processes());
            limit("memory.max", settings.policy().memory());
            company = settings.location().company();
            made.add(company::close);
            pmi = new PmiRelay(settings.location().sockets(), JobLimits.connections(open.ranks()), lead::send);
            made.add(pmi::close);
            door = open.overVpc().orElse(false)
                    ? Optional.of(VpcDoor.open(settings.location(), own.find()))
                    : Optional.empty();
            door.ifPresent(opened -> made.add(opened::close));
            share = open.cores().isPresent()
                    ? Optional.of(processors.take(open.cores().get().mapping(), open.ranks()))
                    : Optional.empty();
            share.ifPresent(taken -> made.add(() -> processors.giveBack(taken)));
            if (open.stage().isPresent()) {
                made.add(() -> Files.deleteIfExists(staged));
                StageArea.make(settings.stages(), staged);
                give(staged);
            }
            socket = listen(settings.directory().resolve(open.job() + ".sock"));
            stage = open.stage().map(files -> new StageArea(files, staged, user, new UserFiles(settings, user), lead));
            complete = true;
        } finally {
            if (!complete) {
                made.reversed().forEach(NodeAllocation::takeBack);
            }
        }
    }

    private void limit(String file, long most) throws IOException {
        if (!cgroup.limit(file, most)) {
            log.atDebug()
                    .addKeyValue("limit", file)
                    .log("this machine's cgroups of version 2 do not have it; jobs have no such limit");
        }
    }

    private AgentSocket listen(Path path) throws IOException {
        try {
            AgentSocket listening = AgentSocket.listen(path, JobLimits.connections(open.ranks()), launched);
            give(path);
            return listening;
        } catch (IOException e) {
            throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
        }
    }

    private void give(Path file) throws IOException {
        if (user.rights().isPresent()) {
            user.rights().get().own(file);
        }
    }

    private static void takeBack(Closeable made) {
        try {
            made.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("something of a job that could not be prepared stays");
        }
    }

    NodeOrder.Open open() {
        return open;
    }

    JobUser user() {
        return user;
    }

    Cgroup cgroup() {
        return cgroup;
    }

    /** Of the job, its user's. */
    Path directory() {
        return directory;
    }

    /** For what we and the starters of processes tell each other; no user of a job enters it. */
    Path orders() {
        return orders;
    }

    Location.Company company() {
        return company;
    }

    PmiRelay pmi() {
        return pmi;
    }

    /** Into the cluster's VPC, if the job needs that. */
    Optional<VpcDoor> door() {
        return door;
    }

    /** Its processors, if it has some of its own. */
    Optional<Processors.Share> share() {
        return share;
    }

    AgentSocket socket() {
        return socket;
    }

    /** Of the files that it brings along, if it does. */
    Optional<StageArea> stage() {
        return stage;
    }

    /** Kills all its processes, and waits a while until they are gone. */
    void killAll() throws InterruptedException {
        try {
            cgroup.kill();
            for (int look = 0; look < MOST_LOOKS && !cgroup.processes().isEmpty(); look++) {
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("job", open.job()).setCause(e).log("a job may write while its files are read");
        }
    }

    /** Ends its processes, also those that have left it. Returns what does not end. */
    List<String> end(Strays strays) throws InterruptedException {
        List<String> left = new ArrayList<>();
        try {
            cgroup.remove(REMOVAL).ifPresent(left::add);
            left.addAll(strays.end(NodeJobs.STRAYS_PATIENCE));
        } catch (IOException e) {
            left.add("cgroup " + cgroup.directory() + ": " + e.getMessage());
        }
        return left;
    }

    /** Nobody comes in any more. */
    void closeDoors() {
        socket.close();
        pmi.close();
        door.ifPresent(VpcDoor::close);
    }

    /** Gives the rest back, when no process is there any more. Returns what stays. */
    List<String> giveBack() throws InterruptedException {
        List<String> left = new ArrayList<>();
        launched.stop();
        company.close();
        share.ifPresent(processors::giveBack);
        if (stage.isPresent()) {
            stage.get().close();
        }
        for (Path each : List.of(directory, orders, staged)) {
            try {
                FileTree.remove(each);
            } catch (IOException e) {
                left.add("directory " + each + ": " + e.getMessage());
            }
        }
        return left;
    }
}
