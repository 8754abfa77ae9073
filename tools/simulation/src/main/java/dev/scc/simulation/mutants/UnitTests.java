package dev.scc.simulation.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A class of unit tests as a judge. */
final class UnitTests {
    private UnitTests() {}

    /** The first test that fails, and why; empty if none does. */
    static Optional<String> verdict(String type) {
        List<String> failures = new ArrayList<>();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(type))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    failures.add(test.getDisplayName() + " "
                            + result.getThrowable().map(Throwable::toString).orElse(""));
                }
            }
        });
        return failures.isEmpty() ? Optional.empty() : Optional.of(failures.getFirst());
    }
}
