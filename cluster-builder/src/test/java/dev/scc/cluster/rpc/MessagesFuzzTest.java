package dev.scc.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.cluster.agent.AgentRpc;
import dev.scc.cluster.agent.AuditLogRpc;
import dev.scc.cluster.agent.DropsRpc;
import dev.scc.cluster.agent.FactsRpc;
import dev.scc.cluster.agent.LeftoverRpc;
import dev.scc.cluster.agent.MeshRpc;
import dev.scc.cluster.api.AuditRpc;
import dev.scc.cluster.api.ServerRpc;
import dev.scc.cluster.api.TrustRpc;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Requests as somebody might send who does not mean well, for each method: nearly right ones, made from what the records are,
 * and damaged ones; {@code -Dscc.fuzz=N} for N of each method, {@code -Dscc.seed}. The class of holes: a decoder that crashes,
 * hangs, or takes much more memory than it was sent.
 */
@Timeout(600)
class MessagesFuzzTest {
    private static final CBORMapper CBOR = new CBORMapper();
    private static final long MOST_MEMORY = 16 << 20;

    private static Stream<RpcMethod<?, ?>> methods() {
        return Stream.of(
                        ServerRpc.class,
                        TrustRpc.class,
                        AuditRpc.class,
                        AgentRpc.class,
                        AuditLogRpc.class,
                        DropsRpc.class,
                        MeshRpc.class,
                        FactsRpc.class,
                        LeftoverRpc.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == RpcMethod.class)
                .map(field -> {
                    try {
                        field.setAccessible(true);
                        return (RpcMethod<?, ?>) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /** Class of hole: depth, lengths and numbers that a decoder believes. */
    @Test
    void whateverIsSentIsARequestOrIsRefused() {
        long seed = Long.getLong("scc.seed", 1);
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        List<RpcMethod<?, ?>> all = methods().toList();
        assertThat(all).hasSizeGreaterThan(30);
        int refused = 0;
        int read = 0;
        for (RpcMethod<?, ?> method : all) {
            Random random = new Random(seed * 31 + method.name().hashCode());
            for (int sent = 0; sent < Integer.getInteger("scc.fuzz", 300); sent++) {
                byte[] message = message(method.request(), random);
                long before = threads.getCurrentThreadAllocatedBytes();
                try {
                    method.decode(Bytes.of(message));
                    read++;
                } catch (RpcFailed e) {
                    assertThat(e.kind()).isEqualTo(RpcFailed.Kind.INVALID);
                    refused++;
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(method.name() + ", seed " + seed + ", message " + sent, e);
                }
                assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                        .as("memory for %s bytes, %s, seed %s, message %s", message.length, method.name(), seed, sent)
                        .isLessThan(MOST_MEMORY + 4L * message.length);
            }
        }
        assertThat(refused).isPositive();
        assertThat(read).isPositive();
    }

    private static byte[] message(Class<?> type, Random random) {
        byte[] bytes = switch (random.nextInt(12)) {
            case 0 -> nested(random);
            case 1 -> lengths(random);
            default -> CBOR.writeValueAsBytes(FuzzedValues.of(type, random));
        };
        if (random.nextInt(3) == 0 && bytes.length > 0) {
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    /** Arrays or maps in each other, as deep as the message is long. */
    private static byte[] nested(Random random) {
        byte[] bytes = new byte[random.nextInt(200_000)];
        Arrays.fill(bytes, (byte) (random.nextBoolean() ? 0x81 : 0x9f));
        return bytes;
    }

    /** A string, array or map that claims to be longer than all memory. */
    private static byte[] lengths(Random random) {
        byte[] bytes = new byte[9 + random.nextInt(20)];
        random.nextBytes(bytes);
        bytes[0] = (byte) List.of(0x5b, 0x7b, 0x9b, 0xbb).get(random.nextInt(4)).intValue();
        bytes[1] = (byte) random.nextInt(0x80);
        return bytes;
    }
}
