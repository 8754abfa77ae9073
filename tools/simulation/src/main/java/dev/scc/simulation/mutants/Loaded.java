package dev.scc.simulation.mutants;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The classes of this Java process, which can be changed while it runs. It is started with this as its agent. */
public final class Loaded {
    private static @Nullable Instrumentation instrumentation;

    private Loaded() {}

    /** Called by Java before {@code main}. */
    public static void premain(@Nullable String arguments, Instrumentation given) {
        instrumentation = given;
    }

    private static Instrumentation instrumentation() {
        Instrumentation given = instrumentation;
        if (given == null) {
            throw new IllegalStateException("start java with -javaagent");
        }
        return given;
    }

    /** From now on, what runs is this. */
    static void replace(String type, byte[] code) {
        try {
            Class<?> loaded = Class.forName(type, false, ClassLoader.getSystemClassLoader());
            instrumentation().redefineClasses(new ClassDefinition(loaded, code));
        } catch (ClassNotFoundException | UnmodifiableClassException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All classes that are loaded from now on and are meant tell which of their lines are executed. */
    static void countLines(Predicate<String> meant) {
        instrumentation().addTransformer(new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    @Nullable ClassLoader loader,
                    @Nullable String path,
                    @Nullable Class<?> loaded,
                    @Nullable ProtectionDomain domain,
                    byte[] code) {
                String type = String.valueOf(path).replace('/', '.');
                return meant.test(type) ? ClassSurgery.withLines(code, line -> Lines.number(type + ":" + line)) : null;
            }
        });
    }
}
