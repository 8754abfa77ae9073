package dev.scc.host.libc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this process does about signals instead of what the JVM does. Java has that in a class that is no part of its API
 * ({@code sun.misc.Signal}, in the module jdk.unsupported), which is called by its name here; without it nothing changes.
 */
public final class OwnSignals implements AutoCloseable {
    private record Replaced(Object signal, Object before) {}

    /** What a {@code sun.misc.SignalHandler} does, and any object. */
    private record Handler(String name, Consumer<String> action) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return switch (method.getName()) {
                case "handle" -> {
                    action.accept(name);
                    yield null;
                }
                case "equals" ->
                    arguments != null
                            && Proxy.isProxyClass(arguments[0].getClass())
                            && Proxy.getInvocationHandler(arguments[0]).equals(this);
                case "hashCode" -> hashCode();
                default -> "what is done about SIG" + name;
            };
        }
    }

    private final List<Replaced> replaced = new ArrayList<>();

    /**
     * From now on the handler is called with the signal's name, on a thread of its own, until this is closed.
     *
     * @param name without SIG
     */
    public void on(String name, Consumer<String> handler) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(
                    OwnSignals.class.getClassLoader(), new Class<?>[] {handlers}, new Handler(name, handler));
            Object signal = type.getConstructor(String.class).newInstance(name);
            Object before = type.getMethod("handle", type, handlers).invoke(null, signal, ours);
            replaced.add(new Replaced(signal, before));
        } catch (ClassNotFoundException | InvocationTargetException e) {
            // This JVM does not let us, or keeps that signal for itself: it does what it does.
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JVM does again what it did before. */
    @Override
    public void close() {
        for (Replaced each : replaced.reversed()) {
            try {
                Class<?> handlers = Class.forName("sun.misc.SignalHandler");
                Method handle = each.signal()
                        .getClass()
                        .getMethod("handle", each.signal().getClass(), handlers);
                Object _ = handle.invoke(null, each.signal(), each.before());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        replaced.clear();
    }
}
