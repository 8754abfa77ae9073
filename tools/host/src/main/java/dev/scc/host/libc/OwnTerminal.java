package dev.scc.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The terminal that this process reads its standard input from (termios(3)). {@link #raw} hands every key on as it is,
 * {@link #restore} makes it what it was. Thread-safe.
 */
public final class OwnTerminal {
    private static final MethodHandle TCGETATTR = Binding.function("tcgetattr", JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle TCSETATTR = Binding.function("tcsetattr", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CFMAKERAW = Binding.function("cfmakeraw", JAVA_INT, ADDRESS);
    private static final MethodHandle IOCTL = Binding.variadicAfter(2, "ioctl", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    /** More than any machine's {@code struct termios} has, which is handed on as it is. */
    private static final long TERMIOS = 256;
    // From Linux's termbits.h and ioctls.h.
    private static final int TCSADRAIN = 1;
    private static final long TIOCGWINSZ = 0x5413;

    private final byte[] before;

    private OwnTerminal(byte[] before) {
        this.before = before;
    }

    /**
     * As it is now.
     *
     * @throws LibcFailed if standard input is no terminal
     */
    public static OwnTerminal input() throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Binding.errno(arena);
            MemorySegment mode = arena.allocate(TERMIOS);
            if ((int) TCGETATTR.invokeExact(errno, 0, mode) != 0) {
                throw Binding.failed("tcgetattr of standard input", errno);
            }
            return new OwnTerminal(mode.toArray(ValueLayout.JAVA_BYTE));
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** From now on no key means anything here, and none is echoed. */
    public synchronized void raw() throws LibcFailed {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mode = arena.allocate(TERMIOS);
            mode.copyFrom(MemorySegment.ofArray(before));
            int ignored = (int) CFMAKERAW.invokeExact(Binding.errno(arena), mode);
            set(mode, arena);
        } catch (LibcFailed e) {
            throw e;
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    /** As it was. One that is gone meanwhile needs nothing. */
    public synchronized void restore() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mode = arena.allocate(TERMIOS);
            mode.copyFrom(MemorySegment.ofArray(before));
            set(mode, arena);
        } catch (LibcFailed e) {
            // Hung up.
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }

    private static void set(MemorySegment mode, Arena arena) throws Throwable {
        MemorySegment errno = Binding.errno(arena);
        if ((int) TCSETATTR.invokeExact(errno, 0, TCSADRAIN, mode) != 0) {
            throw Binding.failed("tcsetattr of standard input", errno);
        }
    }

    /** How large a window is, in characters; 0 where that is not known. */
    public record Window(int rows, int columns) {}

    /** How large it is now. */
    public Window window() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment window = arena.allocate(8);
            int result = (int) IOCTL.invokeExact(Binding.errno(arena), 0, TIOCGWINSZ, window);
            return result != 0
                    ? new Window(0, 0)
                    : new Window(
                            Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, 0)),
                            Short.toUnsignedInt(window.get(ValueLayout.JAVA_SHORT, 2)));
        } catch (Throwable e) {
            throw Binding.unexpected(e);
        }
    }
}
