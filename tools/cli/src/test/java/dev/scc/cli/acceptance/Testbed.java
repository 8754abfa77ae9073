package dev.scc.cli.acceptance;

import dev.scc.host.Json;
import dev.scc.host.command.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import tools.jackson.databind.JsonNode;

/**
 * Brings up the one testbed of four nodes that the suite shares, hands {@link Scc} and {@link Programs} to tests, keeps
 * evidence when a test fails, and takes clusters that a failed test left behind away before the next.
 */
final class Testbed implements BeforeAllCallback, BeforeEachCallback, AfterTestExecutionCallback, ParameterResolver {
    /** Guests take up to half of a small machine while nothing happens on them: all else comes before they boot. */
    static final int LAST = Integer.MAX_VALUE;

    static final List<String> NODES = List.of("n1", "n2", "n3", "n4");

    private static final Namespace HERE = Namespace.create(Testbed.class);

    /** Up once for all classes; JUnit closes it at the very end. */
    private record Shared(Scc scc, Programs programs) implements AutoCloseable {
        static Shared up() {
            try {
                Path home = Files.createDirectories(
                        Scc.root().resolve("tools/cli/target/acceptance").toAbsolutePath());
                Scc scc = new Scc(home);
                scc.run("testbed", "down"); // What an earlier run that was killed may have left.
                Programs programs = Programs.compile(home.resolve("programs"));
                CommandResult up = scc.run("testbed", "up", "--nodes", Integer.toString(NODES.size()));
                if (!up.ok()) {
                    throw new AssertionError("testbed up: status " + up.status() + "\n" + up.output() + up.errors());
                }
                return new Shared(scc, programs);
            } catch (IOException e) {
                throw new AssertionError("cannot prepare the acceptance suite", e);
            }
        }

        @Override
        public void close() {
            scc.ok("testbed", "down");
        }
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot().getStore(HERE).getOrComputeIfAbsent(Shared.class, key -> Shared.up(), Shared.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Scc scc = shared(context).scc();
        for (JsonNode cluster : scc.json("list")) {
            scc.run("delete", cluster.get("cluster").asString());
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        Evidence.keep(shared(context).scc(), NODES, context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Scc.class || type == Programs.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Shared shared = shared(context);
        return parameter.getParameter().getType() == Scc.class ? shared.scc() : shared.programs();
    }

    /** The state that the pool must show when no cluster is there. */
    static boolean allFree(Scc scc) {
        JsonNode nodes = scc.json("node", "list");
        return nodes.size() == NODES.size()
                && nodes.valueStream()
                        .allMatch(node -> node.get("state").asString().equals("Free"));
    }

    static String pretty(JsonNode node) {
        return Json.pretty(node);
    }
}
