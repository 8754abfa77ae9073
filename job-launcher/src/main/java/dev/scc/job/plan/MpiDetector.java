package dev.scc.job.plan;

import dev.scc.job.MpiFamily;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out which MPI a command uses, as far as files show it. */
public final class MpiDetector {
    /**
     * Beginnings of library names, from the sonames of Open MPI (libmpi.so.40, libmpi_mpifh.so.40, …) and of MPICH and what
     * shares its ABI (libmpich.so.12, libmpichfort.so.12, libmpi.so.12).
     */
    private static final List<String> OPEN_MPI = List.of("libmpi.so.40", "libmpi_");

    private static final List<String> MPICH =
            List.of("libmpich", "libmpi.so.12", "libmpifort.so.12", "libmpicxx.so.12");

    /** How far scripts that start scripts are followed, and how much of each is read. */
    private static final int DEEPEST = 4;

    private static final int LONGEST_SCRIPT = 64 << 10;
    private static final int MOST_WORDS = 1_000;
    private static final int MOST_FILES = 1_000;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s\"'`;|&()<>=]+");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\{\\w+}|\\w+)/");
    /** What the system brings along has no MPI behind its libraries, and a script calls much of it. */
    private static final Set<Path> SYSTEM =
            Set.of(Path.of("/bin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/usr/sbin"));

    private final Path directory;
    private final String searchPath;
    private final ProgramFiles files;
    private final LoadedLibraries libraries;
    private final Set<Path> seen = new HashSet<>();

    private MpiDetector(Path directory, String searchPath, ProgramFiles files, LoadedLibraries libraries) {
        this.directory = directory;
        this.searchPath = searchPath;
        this.files = files;
        this.libraries = libraries;
    }

    /**
     * The family of the command: of the libraries that it is loaded with, or, if it is a script, of the programs that its words
     * name. A command that is not there, a program without MPI and a script whose words name several families are
     * {@link MpiFamily#NONE}; what is wrong with them shows when they are started.
     *
     * @param command as in {@link dev.scc.job.JobSpec#argv}
     * @param directory that a relative path with a slash starts from
     * @param searchPath directories for a name without a slash, separated by colons
     * @param libraryPath the LD_LIBRARY_PATH that it will have
     * @param files shows what is in files, and runs the dynamic linker
     */
    public static MpiFamily detect(
            String command, String directory, String searchPath, Optional<String> libraryPath, ProgramFiles files)
            throws IOException {
        try {
            Path from = Path.of(directory);
            Optional<Path> file = find(command, from, searchPath);
            if (file.isEmpty()) {
                return MpiFamily.NONE;
            }
            return new MpiDetector(from, searchPath, files, new LoadedLibraries(files, libraryPath)).of(file.get(), 0);
        } catch (InvalidPathException e) {
            return MpiFamily.NONE; // A name that Java has no word for in this locale.
        }
    }

    private MpiFamily of(Path file, int depth) throws IOException {
        if (depth > DEEPEST || seen.size() == MOST_FILES || !seen.add(file.toRealPath())) {
            return MpiFamily.NONE;
        }
        Optional<List<String>> needed = ElfFile.needed(files, file);
        if (needed.isEmpty()) {
            return ofScript(file, depth);
        }
        MpiFamily own = family(needed.get());
        boolean system = depth > 0 && SYSTEM.contains(file.toAbsolutePath().getParent());
        return own != MpiFamily.NONE || system ? own : family(libraries.of(file));
    }

    private MpiFamily ofScript(Path script, int depth) throws IOException {
        String text = beginning(script);
        if (!text.startsWith("#!")) {
            return MpiFamily.NONE;
        }
        Set<MpiFamily> found = EnumSet.noneOf(MpiFamily.class);
        for (String word : words(text)) {
            Optional<Path> program = program(word, script);
            if (program.isPresent()) {
                found.add(of(program.get(), depth + 1));
            }
        }
        found.remove(MpiFamily.NONE);
        return found.size() == 1 ? found.iterator().next() : MpiFamily.NONE;
    }

    private String beginning(Path script) throws IOException {
        try (InputStream input = Channels.newInputStream(files.open(script))) {
            return new String(input.readNBytes(LONGEST_SCRIPT), StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> words(String text) {
        return text.lines()
                .map(line -> line.startsWith("#!") ? line.substring(2) : line)
                .filter(line -> !line.stripLeading().startsWith("#"))
                .flatMap(BETWEEN_WORDS::splitAsStream)
                .filter(word -> !word.isEmpty())
                .distinct()
                .limit(MOST_WORDS)
                .toList();
    }

    /** The program that a word of a script may name; behind a variable, one beside the script. */
    private Optional<Path> program(String word, Path script) {
        try {
            Matcher variable = VARIABLE.matcher(word);
            if (variable.lookingAt()) {
                Path beside = script.resolveSibling(word.substring(variable.end()));
                return Optional.of(beside).filter(MpiDetector::executable);
            }
            return find(word, directory, searchPath);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The file that a shell would run. */
    public static Optional<Path> find(String command, Path directory, String searchPath) {
        if (command.indexOf('/') >= 0) {
            return Optional.of(directory.resolve(command)).filter(MpiDetector::executable);
        }
        for (String place : searchPath.split(":", -1)) {
            Path file = directory.resolve(place).resolve(command);
            if (executable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static boolean executable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static MpiFamily family(List<String> libraries) {
        for (String library : libraries) {
            if (OPEN_MPI.stream().anyMatch(library::startsWith)) {
                return MpiFamily.OPENMPI;
            }
            if (MPICH.stream().anyMatch(library::startsWith)) {
                return MpiFamily.MPICH;
            }
        }
        return MpiFamily.NONE;
    }
}
