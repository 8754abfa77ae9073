package dev.scc.cli.render;

import dev.scc.cli.view.JobListView;
import dev.scc.cli.view.JobView;
import dev.scc.cli.view.PlacementView;
import dev.scc.host.Visible;
import dev.scc.job.JobId;
import dev.scc.job.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** Jobs for people. */
final class JobTables {
    private JobTables() {}

    static String list(JobListView list) {
        Table table = new Table("JOB", "STATE", "EXIT", "RANKS", "ATTEMPT", "OWNER", "SUBMITTED", "RAN", "COMMAND");
        list.jobs()
                .forEach(job -> table.row(
                        job.job(),
                        job.state(),
                        exit(job.exitCode()),
                        job.ranks(),
                        job.attempt(),
                        job.owner(),
                        job.submitted(),
                        ran(job),
                        job.command()));
        return table.toString();
    }

    static String placement(PlacementView placement) {
        StringBuilder text = new StringBuilder();
        line(text, "mpi", placement.mpi());
        line(text, "transport", placement.transport());
        placement.launcher().ifPresent(launcher -> line(text, "launcher", launcher));
        line(text, "why", placement.why());
        text.append('\n');
        Table table = new Table("NODE", "RANK", "CPUS", "NUMA", "DEVICE", "NEAREST", "WHY");
        for (PlacementView.Node node : placement.nodes()) {
            for (int i = 0; i < node.ranks().size(); i++) {
                PlacementView.Seat seat = node.seats().get(i);
                table.row(
                        node.node(),
                        node.ranks().get(i),
                        i < node.cpus().size() ? node.cpus().get(i) : "any",
                        seat.numa().map(String::valueOf).orElse("-"),
                        node.device().isEmpty() ? "-" : node.device(),
                        seat.nearest().orElse("-"),
                        seat.why());
            }
        }
        return text.append(table).toString();
    }

    private static String exit(Optional<Integer> code) {
        return code.map(String::valueOf).orElse("");
    }

    private static String ran(JobView job) {
        return job.started().isEmpty() || job.ended().isEmpty()
                ? ""
                : Times.of(Duration.between(Instant.parse(job.started()), Instant.parse(job.ended()))
                        .toMillis());
    }

    static String one(JobView job) {
        StringBuilder text = new StringBuilder();
        line(text, "job", job.job() + ", " + job.state());
        line(text, "cluster", job.cluster() + ", led by " + job.lead() + ", which keeps its output");
        line(text, "owner", job.owner());
        line(text, "command", job.command());
        line(text, "ranks", job.ranks() + ", attempt " + job.attempt());
        line(text, "before", job.earlier().stream().map(JobId::value).collect(Collectors.joining(", ")));
        job.exitCode().ifPresent(code -> line(text, "exit", String.valueOf(code)));
        line(text, "cause", job.cause());
        job.receipt().ifPresent(receipt -> receipt(text, receipt));
        text.append('\n');
        Table log = new Table("AT", "STATE");
        job.log().forEach(move -> log.row(move.at(), move.state()));
        return text.append(log).toString();
    }

    private static void receipt(StringBuilder text, Receipt receipt) {
        line(
                text,
                "transport",
                receipt.transport().text() + ", " + receipt.mpi().text());
        receipt.nodes()
                .forEach(node -> line(
                        text,
                        "  " + node.name(),
                        "%s sent %d, received %d packets"
                                .formatted(
                                        node.device().isEmpty() ? "no RDMA device" : node.device(),
                                        node.sentPackets(),
                                        node.receivedPackets())));
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append("%-11s".formatted(name)).append(Visible.line(value)).append('\n');
        }
    }
}
