package dev.scc.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    Path directory;

    /** Class of hole: clean-up that leads out of what is cleaned up. */
    @Test
    void removesADirectoryWithAllBelowAndFollowsNoLink() throws Exception {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Files.writeString(kept.resolve("file"), "text");
        Path gone = Files.createDirectories(directory.resolve("gone/deep"));
        Files.writeString(gone.resolve("file"), "text");
        Files.createSymbolicLink(gone.resolve("link"), kept);

        FileTree.remove(directory.resolve("gone"));

        assertThat(directory.resolve("gone")).doesNotExist();
        assertThat(kept.resolve("file")).exists();
    }

    @Test
    void whatIsNotThereIsAsGoodAsRemoved() {
        assertThatCode(() -> FileTree.remove(directory.resolve("nothing"))).doesNotThrowAnyException();
    }

    /** As a process that ends removes its own sockets while its directory is removed. */
    @Test
    void removesWhatSomebodyElseRemovesAtTheSameTime() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path root = Files.createDirectory(directory.resolve("round" + round));
            for (int file = 0; file < 50; file++) {
                Files.createDirectory(root.resolve("d" + file));
                Files.createFile(root.resolve("d" + file + "/f"));
            }
            AtomicBoolean failed = new AtomicBoolean();
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    FileTree.remove(root);
                } catch (IOException e) {
                    failed.set(true);
                }
            });

            FileTree.remove(root);
            other.join();

            assertThat(failed).isFalse();
            assertThat(root).doesNotExist();
        }
    }

    @Test
    void directoriesComeAfterThoseBelowThem() throws Exception {
        Path deep = Files.createDirectories(directory.resolve("a/b/c"));
        Files.createFile(deep.resolve("file"));

        assertThat(FileTree.directories(directory.resolve("a")))
                .containsExactly(deep, directory.resolve("a/b"), directory.resolve("a"));
        assertThat(FileTree.directories(directory.resolve("nothing"))).isEmpty();
    }

    /** Class of hole: clean-up that recurses as deep as somebody else likes, until descriptors or the stack are used up. */
    @Test
    void removesWhatIsDeeperThanAnyPath(@TempDir Path directory) throws Exception {
        Path root = Files.createDirectory(directory.resolve("deep"));
        Path below = root;
        for (int level = 0; level < 500; level++) {
            below = Files.createDirectory(below.resolve("d"));
        }

        FileTree.remove(root);

        assertThat(root).doesNotExist();
    }

    /** Class of hole: a directory that becomes a link to somebody else's between the look at it and the way into it. */
    @Test
    void followsNoLinkThatADirectoryBecomesMeanwhile(@TempDir Path directory) throws Exception {
        Path others = Files.createDirectory(directory.resolve("others"));
        Path precious = Files.writeString(others.resolve("precious"), "kept");
        for (int round = 0; round < 200; round++) {
            Path root = Files.createDirectories(directory.resolve("job/swapped"));
            AtomicBoolean over = new AtomicBoolean();
            Thread attacker = Thread.ofPlatform().start(() -> swap(root, others, over));

            try {
                FileTree.remove(directory.resolve("job"));
            } catch (IOException e) {
                assertThat(e).isNotNull(); // It may give up; it must not follow.
            }

            over.set(true);
            attacker.join();
            assertThat(precious).hasContent("kept");
            FileTree.remove(directory.resolve("job"));
        }
    }

    private static void swap(Path swapped, Path target, AtomicBoolean over) {
        while (!over.get()) {
            try {
                Files.deleteIfExists(swapped);
                Files.createSymbolicLink(swapped, target);
                Files.deleteIfExists(swapped);
                Files.createDirectory(swapped);
            } catch (IOException e) {
                Thread.onSpinWait(); // The other side was faster.
            }
        }
    }
}
