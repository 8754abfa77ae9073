package dev.scc.fabric.verbs;

import com.ibm.disni.util.MemoryUtils;
import com.ibm.disni.verbs.RdmaProvider;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.host.NativeFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * DiSNI's native half. DiSNI loads it by name from {@code java.library.path}, which the JVM reads only at its start: the
 * launcher must pass {@code -Djava.library.path} with the directory of native files, {@code --add-exports
 * java.base/sun.nio.ch=ALL-UNNAMED} and {@code --enable-native-access=ALL-UNNAMED}.
 */
final class VerbsLibrary {
    private static final String NAME = "libdisni.so";
    private static boolean loaded;
    private static @Nullable String failure;

    private VerbsLibrary() {}

    /**
     * Loads the library if it is not loaded yet. A JVM that has failed once fails for ever: class initialisation is not
     * tried again.
     *
     * @throws CannotVerify with the reason: the file is missing, one of its own libraries is, or the JVM's options are
     */
    @SuppressWarnings("restricted") // Loading native code is what this class is for.
    static synchronized void load() throws CannotVerify {
        if (loaded) {
            return;
        }
        if (failure != null) {
            throw new CannotVerify(failure);
        }
        try {
            Path file = NativeFiles.find(NAME);
            // DiSNI would load it too; loaded by its path first, the linker's own words about what is missing are kept.
            System.load(file.toString());
            RdmaProvider.provider();
            if (MemoryUtils.getAddress(ByteBuffer.allocateDirect(1)) == 0) {
                throw new IOException("a direct buffer has no address");
            }
            loaded = true;
        } catch (IllegalStateException | IOException | LinkageError e) {
            failure = "cannot verify: " + NAME + " cannot be used: " + e.getMessage() + hint(e);
            throw new CannotVerify(failure, e);
        }
    }

    private static String hint(Throwable e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("java.library.path")) {
            return "; start Java with -Djava.library.path=DIRECTORY";
        }
        return e instanceof IllegalAccessError
                ? "; start Java with --add-exports java.base/sun.nio.ch=ALL-UNNAMED"
                : "";
    }
}
