package dev.scc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which packages of a module import from which others of it, as its sources say. */
record SourcePackages(Map<String, Set<String>> imports) {
    private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?((?:[a-z]\\w*\\.)+)[A-Z]", Pattern.MULTILINE);

    static SourcePackages below(Path directory) throws IOException {
        Map<String, Set<String>> imports = new HashMap<>();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.filter(file -> file.toString().endsWith(".java")).toList();
        }
        for (Path file : files) {
            String text = Files.readString(file);
            Matcher own = PACKAGE.matcher(text);
            if (own.find()) {
                Set<String> others = imports.computeIfAbsent(own.group(1), name -> new HashSet<>());
                IMPORT.matcher(text)
                        .results()
                        .map(found -> found.group(1).substring(0, found.group(1).length() - 1))
                        .filter(name -> !name.equals(own.group(1)))
                        .forEach(others::add);
            }
        }
        return new SourcePackages(imports);
    }

    Set<String> names() {
        return imports.keySet();
    }

    /** One, from a package back to it; empty if there is none. */
    List<String> cycle() {
        Set<String> clean = new HashSet<>();
        for (String name : new TreeMap<>(imports).keySet()) {
            List<String> found = cycle(name, new ArrayList<>(), clean);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private List<String> cycle(String name, List<String> way, Set<String> clean) {
        int before = way.indexOf(name);
        way.add(name);
        if (before >= 0) {
            return way.subList(before, way.size());
        }
        for (String next : new TreeSet<>(imports.getOrDefault(name, Set.of()))) {
            if (imports.containsKey(next) && !clean.contains(next)) {
                List<String> found = cycle(next, way, clean);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        way.removeLast();
        clean.add(name);
        return List.of();
    }
}
