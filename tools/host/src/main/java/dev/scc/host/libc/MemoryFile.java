package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A file without a name, in memory (memfd_create(2)). What a program writes to it needs nobody who reads meanwhile. */
public final class MemoryFile implements AutoCloseable {
    private static final MethodHandle CREATE = Binding.function("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle READ =
            Binding.function("pread", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE =
            Binding.function("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
    private static final int MFD_CLOEXEC = 1;
    private static final int CHUNK = 65_536;

    private final Descriptor descriptor;

    private MemoryFile(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /** With that content, to be read from its beginning. */
    public static MemoryFile of(byte[] content) throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            int number = (int) CREATE.invokeExact(errno, arena.allocateFrom("scc"), MFD_CLOEXEC);
            if (number < 0) {
                throw Binding.failed("memfd_create", errno);
            }
            MemoryFile file = new MemoryFile(new Descriptor(number));
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, content);
            long at = 0;
            while (at < content.length) {
                long wrote = (long) WRITE.invokeExact(errno, number, bytes.asSlice(at), content.length - at, at);
                if (wrote < 0) {
                    file.close();
                    throw Binding.failed("write to memory", errno);
                }
                at += wrote;
            }
            return file;
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    public Descriptor descriptor() {
        return descriptor;
    }

    /** All that it holds. */
    public byte[] content() throws LibcFailed {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment chunk = arena.allocate(CHUNK);
            while (true) {
                long got =
                        (long) READ.invokeExact(errno, descriptor.number(), chunk, (long) CHUNK, (long) content.size());
                if (got < 0) {
                    throw Binding.failed("read from memory", errno);
                }
                if (got == 0) {
                    return content.toByteArray();
                }
                content.write(chunk.asSlice(0, got).toArray(JAVA_BYTE), 0, (int) got);
            }
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
