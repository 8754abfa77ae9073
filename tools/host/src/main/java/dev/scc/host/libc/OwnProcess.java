package dev.scc.host.libc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this process was started with, byte for byte as {@link KernelText}. What Java says of the same has been through the
 * locale: in that of a service manager, which sets none, everything but ASCII is lost.
 */
public final class OwnProcess {
    private OwnProcess() {}

    /**
     * The last of the words that it was started with.
     *
     * @param count how many
     * @throws IOException if /proc does not show them
     */
    public static List<String> lastWords(int count) throws IOException {
        List<String> words = texts(Path.of("/proc/self/cmdline"));
        if (words.size() < count) {
            throw new IOException("/proc/self/cmdline shows " + words.size() + " words, and there are " + count);
        }
        return List.copyOf(words.subList(words.size() - count, words.size()));
    }

    /**
     * The environment that it was started with.
     *
     * @throws IOException if /proc does not show it
     */
    public static Map<String, String> environment() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String variable : texts(Path.of("/proc/self/environ"))) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.putIfAbsent(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return environment;
    }

    private static List<String> texts(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<String> texts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                texts.add(KernelText.decode(Arrays.copyOfRange(bytes, start, i)));
                start = i + 1;
            }
        }
        return texts;
    }
}
