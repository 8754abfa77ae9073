package dev.scc.testbed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What depmod found out about a kernel's modules: which needs which (modules.dep(5)), and which are in the kernel itself. */
final class ModuleIndex {
    private final Map<String, String> paths = new HashMap<>();
    private final Map<String, List<String>> needs = new HashMap<>();
    private final Set<String> builtin = new HashSet<>();

    /**
     * @param dependencies the lines of {@code modules.dep}: {@code path: path path...}
     * @param inKernel the lines of {@code modules.builtin}: one path each
     */
    ModuleIndex(List<String> dependencies, List<String> inKernel) {
        for (String line : dependencies) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            String path = line.substring(0, colon);
            String rest = line.substring(colon + 1).strip();
            paths.put(name(path), path);
            needs.put(path, rest.isEmpty() ? List.of() : List.of(rest.split(" +")));
        }
        inKernel.forEach(path -> builtin.add(name(path)));
    }

    /**
     * The paths of the modules named and of all that they need, each once and after those that it needs.
     *
     * @throws IllegalArgumentException if the kernel has no such module
     */
    List<String> inLoadOrder(List<String> names) {
        Set<String> ordered = new LinkedHashSet<>();
        for (String name : names) {
            String path = paths.get(name);
            if (path == null && !builtin.contains(name)) {
                throw new IllegalArgumentException("the kernel has no module " + name);
            }
            if (path != null) {
                add(path, ordered);
            }
        }
        return new ArrayList<>(ordered);
    }

    // The dependencies of a line are complete but in no useful order, so each one's own are asked for.
    private void add(String path, Set<String> ordered) {
        if (!ordered.contains(path)) {
            needs.getOrDefault(path, List.of()).forEach(needed -> add(needed, ordered));
            ordered.add(path);
        }
    }

    private static String name(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        return file.substring(0, file.indexOf(".ko")).replace('-', '_');
    }
}
