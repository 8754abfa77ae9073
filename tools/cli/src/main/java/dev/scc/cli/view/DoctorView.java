package dev.scc.cli.view;

import dev.scc.fabric.doctor.Finding;
import dev.scc.host.NodeName;
import java.util.List;

/**
 * What is misconfigured.
 *
 * @param nodes how many were examined
 * @param unasked nodes that could not be asked
 */
public record DoctorView(List<Finding> findings, int nodes, long millis, List<Unasked> unasked) implements View {
    public DoctorView {
        findings = List.copyOf(findings);
        unasked = List.copyOf(unasked);
    }

    public record Unasked(NodeName node, String why) {}
}
