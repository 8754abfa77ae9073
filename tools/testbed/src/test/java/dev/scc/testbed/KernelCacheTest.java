package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.CommandResult;
import dev.scc.host.command.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a package client that writes the files a real one would. */
class KernelCacheTest {
    private static final String RELEASE = "6.1.0-9-amd64";

    @TempDir
    private Path directory;

    private final List<String> ran = new ArrayList<>();
    private boolean downloadDies;

    private final Commands apt = new Commands() {
        @Override
        public CommandResult run(Command command) throws CommandFailed {
            List<String> argv = command.argv();
            ran.add(String.join(" ", argv));
            try {
                return answer(argv);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private CommandResult answer(List<String> argv) throws IOException, CommandFailed {
            if (argv.getFirst().equals("apt-cache")) {
                return new CommandResult(0, "linux-image-amd64\n  Depends: linux-image-" + RELEASE + "\n", "");
            }
            if (argv.contains("download")) {
                Path into = Path.of(argv.get(2));
                Files.writeString(into.resolve("linux-image-" + RELEASE + "_1_amd64.deb"), "half");
                if (downloadDies) {
                    throw new CommandFailed("\"apt-get download\" was killed");
                }
            }
            if (argv.getFirst().equals("dpkg-deb")) {
                Path root = Path.of(argv.get(3));
                Files.createDirectories(root.resolve("lib/modules").resolve(RELEASE));
                Files.createDirectories(root.resolve("boot"));
                Files.writeString(root.resolve("boot/vmlinuz-" + RELEASE), "kernel");
            }
            if (argv.getFirst().equals("depmod")) {
                Files.createFile(Path.of(argv.get(2), "lib/modules", RELEASE, "modules.dep"));
            }
            return new CommandResult(0, "", "");
        }
    };

    @Test
    void aKernelIsFetchedOnceAndThenFound() throws Exception {
        Kernel fetched = new KernelCache(directory, apt).get(said -> {});
        int commands = ran.size();
        Kernel found = new KernelCache(directory, apt).get(said -> {});

        assertThat(found).isEqualTo(fetched);
        assertThat(ran).hasSize(commands);
        assertThat(found.release()).isEqualTo(RELEASE);
        assertThat(found.image()).hasContent("kernel");
        assertThat(found.modules()).isDirectory();
        assertThat(directory.resolve(RELEASE)).isDirectoryNotContaining("glob:**.deb");
    }

    @Test
    void aDownloadThatFailsLeavesNothingAndTheNextOneStartsAnew() throws Exception {
        downloadDies = true;

        TestbedFailed failed = assertThrows(TestbedFailed.class, () -> new KernelCache(directory, apt).get(said -> {}));

        assertThat(failed.problem("").what()).isEqualTo("cannot fetch the guests' kernel linux-image-" + RELEASE);
        assertThat(directory.toFile().list()).containsExactly(".lock");
        downloadDies = false;
        assertThat(new KernelCache(directory, apt).get(said -> {}).image()).exists();
    }

    @Test
    void whatAKilledDownloadLeftIsNotTakenForAKernel() throws Exception {
        Path half = Files.createDirectories(directory.resolve("." + RELEASE + ".partial"));
        Files.writeString(half.resolve("linux-image-old.deb"), "half");

        Kernel kernel = new KernelCache(directory, apt).get(said -> {});

        assertThat(kernel.image()).exists();
        assertThat(half).doesNotExist();
    }

    @Test
    void aKernelThatSomeoneDeletedInPartIsFetchedAnew() throws Exception {
        Kernel kernel = new KernelCache(directory, apt).get(said -> {});
        Files.delete(kernel.image());

        assertThat(new KernelCache(directory, apt).get(said -> {}).image()).exists();
    }
}
