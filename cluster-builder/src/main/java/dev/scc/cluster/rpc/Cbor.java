package dev.scc.cluster.rpc;

import dev.scc.host.Json;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Records as CBOR (RFC 8949). Fields that the reader does not know are ignored; a field that is missing is an error, unless
 * it is an {@link java.util.Optional} or {@link dev.scc.host.Later}: so a message may gain fields of these kinds.
 */
final class Cbor<T> implements MethodDescriptor.Marshaller<T> {
    private static final ObjectMapper MAPPER = Json.withLaters(CBORMapper.builder())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Class<T> type;

    /** Made when they are needed: a process has many methods and uses few, and to study a record takes milliseconds. */
    private volatile @Nullable ObjectReader reader;

    private volatile @Nullable ObjectWriter writer;

    Cbor(Class<T> type) {
        this.type = type;
    }

    private ObjectReader reader() {
        ObjectReader made = reader;
        if (made == null) {
            made = MAPPER.readerFor(type);
            reader = made;
        }
        return made;
    }

    private ObjectWriter writer() {
        ObjectWriter made = writer;
        if (made == null) {
            made = MAPPER.writerFor(type);
            writer = made;
        }
        return made;
    }

    Class<T> type() {
        return type;
    }

    @Override
    public InputStream stream(T value) {
        return new ByteArrayInputStream(writer().writeValueAsBytes(value));
    }

    @Override
    public T parse(InputStream stream) {
        try {
            return decode(stream.readAllBytes());
        } catch (RpcFailed e) {
            throw Status.INTERNAL.withDescription(e.getMessage()).withCause(e).asRuntimeException();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws RpcFailed of kind INVALID if the bytes are not such a record */
    T decode(byte[] bytes) throws RpcFailed {
        try {
            return type.cast(reader().readValue(bytes));
        } catch (JacksonException e) {
            throw new RpcFailed(
                    RpcFailed.Kind.INVALID, "not a " + type.getSimpleName() + " message: " + e.getOriginalMessage());
        }
    }
}
