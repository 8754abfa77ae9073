package dev.scc.cli.view;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** Jobs, the latest first. */
public record JobListView(@JsonValue List<JobView> jobs) implements View {
    public JobListView {
        jobs = List.copyOf(jobs);
    }
}
