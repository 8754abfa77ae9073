package dev.scc.simulation.bugs;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles sources that have a bug planted in them; the sources themselves stay as they are. */
public final class Workshop implements AutoCloseable {
    private final Path repository;
    private final JavaCompiler compiler;
    private final StandardJavaFileManager files;

    /** @param classpath of all that the sources need, as for {@code java -cp} */
    public Workshop(Path repository, String classpath) throws IOException {
        this.repository = repository;
        this.compiler =
                Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this is a JRE, without a compiler");
        this.files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
        files.setLocationFromPaths(
                StandardLocation.CLASS_PATH,
                List.of(classpath.split(java.io.File.pathSeparator)).stream()
                        .map(Path::of)
                        .toList());
    }

    /**
     * Compiles the bug's source.
     *
     * @param classes directory for the classes, made if it is not there; put first on a class path, it has the bug
     * @throws IllegalArgumentException if the bug does not fit its source any more; the message says where
     */
    public void make(Bug bug, Path classes) throws IOException {
        String source = bug.plant(Files.readString(repository.resolve(bug.file())));
        Files.createDirectories(classes);
        files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
        StringWriter told = new StringWriter();
        boolean done = compiler.getTask(
                        told,
                        files,
                        null,
                        List.of("-proc:none", "-nowarn", "-parameters"),
                        null,
                        List.of(new Source(bug.file(), source)))
                .call();
        if (!done) {
            throw new IllegalArgumentException("planted bug " + bug.name() + " does not compile:\n" + told);
        }
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("planted:///" + file.substring(file.indexOf("/java/") + 6)), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
