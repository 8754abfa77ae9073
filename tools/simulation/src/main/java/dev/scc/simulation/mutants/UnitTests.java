package dev.scc.simulation.mutants;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Unit tests as judges. */
final class UnitTests {
    private static final Launcher LAUNCHER = LauncherFactory.create();

    private UnitTests() {}

    /** Is told of a test method which lines are executed for it, and in which time. */
    interface Executed {
        void tell(String method, long millis, Collection<String> lines);
    }

    /**
     * Why the test fails; empty if it does not.
     *
     * @param method as {@link Executed} was told
     */
    static Optional<String> verdict(String method) {
        Failures failures = new Failures();
        execute(DiscoverySelectors.selectMethod(method), failures);
        return failures.first();
    }

    /** Executes all tests of the class. Lines that are executed for all of them together count for each. */
    static Optional<String> cover(String type, Executed executed) {
        Failures failures = new Failures();
        Map<String, Set<String>> lines = new TreeMap<>();
        Map<String, Long> nanos = new HashMap<>();
        Set<String> together = new HashSet<>();
        execute(DiscoverySelectors.selectClass(type), failures, new TestExecutionListener() {
            private long start;

            @Override
            public void executionStarted(TestIdentifier test) {
                if (test.isTest()) {
                    together.addAll(Lines.taken());
                    start = System.nanoTime();
                }
            }

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    String method = method(test);
                    lines.computeIfAbsent(method, _ -> new HashSet<>()).addAll(Lines.taken());
                    nanos.merge(method, System.nanoTime() - start, Long::sum);
                }
            }
        });
        together.addAll(Lines.taken());
        lines.forEach((method, own) -> {
            own.addAll(together);
            executed.tell(method, nanos.getOrDefault(method, 0L) / 1_000_000, own);
        });
        return failures.first();
    }

    private static String method(TestIdentifier test) {
        MethodSource source = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .orElseThrow(() -> new IllegalStateException("a test that is no method: " + test));
        String parameters = source.getMethodParameterTypes();
        return source.getClassName() + "#" + source.getMethodName()
                + (parameters.isEmpty() ? "" : "(" + parameters + ")");
    }

    private static void execute(DiscoverySelector what, TestExecutionListener... listeners) {
        LAUNCHER.execute(
                LauncherDiscoveryRequestBuilder.request().selectors(what).build(), listeners);
    }

    private static final class Failures implements TestExecutionListener {
        private final List<String> all = new ArrayList<>();
        private boolean any;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            any |= test.isTest();
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                all.add(test.getDisplayName() + " "
                        + result.getThrowable().map(Throwable::toString).orElse(""));
            }
        }

        Optional<String> first() {
            if (all.isEmpty() && !any) {
                throw new IllegalStateException("there is no such test");
            }
            return all.stream().findFirst();
        }
    }
}
