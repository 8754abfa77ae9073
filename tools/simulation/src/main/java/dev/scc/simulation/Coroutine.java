package dev.scc.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Blocking code that can be stopped in the middle and go on later, on the same thread. It is the JDK's own continuation,
 * which virtual threads are made of, without their scheduler: nothing runs unless it is resumed. The package is not exported,
 * so it is reached by method handles, and Java has to be started with {@code --add-exports
 * java.base/jdk.internal.vm=ALL-UNNAMED}.
 *
 * <p>One that is never resumed again is simply forgotten: no {@code finally} of it runs, as if the process had been killed.
 */
final class Coroutine {
    private static final MethodHandle MAKE;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;
    private static final Object SCOPE;

    static {
        try {
            Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
            Class<?> scope = Class.forName("jdk.internal.vm.ContinuationScope");
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SCOPE = lookup.findConstructor(scope, MethodType.methodType(void.class, String.class))
                    .invoke("simulation");
            MAKE = lookup.findConstructor(continuation, MethodType.methodType(void.class, scope, Runnable.class))
                    .asType(MethodType.methodType(Object.class, Object.class, Runnable.class));
            RUN = lookup.findVirtual(continuation, "run", MethodType.methodType(void.class))
                    .asType(MethodType.methodType(void.class, Object.class));
            YIELD = lookup.findStatic(continuation, "yield", MethodType.methodType(boolean.class, scope))
                    .asType(MethodType.methodType(boolean.class, Object.class));
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "start java with --add-exports java.base/jdk.internal.vm=ALL-UNNAMED: " + e.getMessage(), e);
        }
    }

    private final Object continuation;

    Coroutine(Runnable body) {
        try {
            continuation = (Object) MAKE.invokeExact(SCOPE, body);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    /** Runs it until it pauses or ends; what it throws comes out here. */
    void resume() {
        try {
            RUN.invokeExact(continuation);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    /** Called inside a coroutine: returns when it is resumed. */
    static void pause() {
        try {
            boolean _ = (boolean) YIELD.invokeExact(SCOPE);
        } catch (Throwable e) {
            throw sneaky(e);
        }
    }

    private static RuntimeException sneaky(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
