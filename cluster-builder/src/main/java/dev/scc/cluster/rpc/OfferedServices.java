package dev.scc.cluster.rpc;

import io.grpc.HandlerRegistry;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a server serves, which is known only after it listens. gRPC looks a method up on the thread of its call, which is a
 * virtual one and may wait.
 */
final class OfferedServices extends HandlerRegistry {
    private final CompletableFuture<Map<String, ServerMethodDefinition<?, ?>>> methods = new CompletableFuture<>();

    /** Lets the calls that wait go on. Only the first offer counts. */
    void offer(List<ServerServiceDefinition> services) {
        Map<String, ServerMethodDefinition<?, ?>> byName = new HashMap<>();
        services.forEach(service -> service.getMethods()
                .forEach(method -> byName.put(method.getMethodDescriptor().getFullMethodName(), method)));
        methods.complete(byName);
    }

    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
        return methods.join().get(methodName);
    }
}
