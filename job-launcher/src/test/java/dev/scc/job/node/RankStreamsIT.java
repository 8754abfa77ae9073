package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.host.command.Command;
import dev.scc.host.command.LocalCommands;
import dev.scc.host.libc.FileRights;
import dev.scc.job.OpenToAll;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** FIFOs in a directory of the user's, which the keeper opens as root. */
@Timeout(240)
class RankStreamsIT {
    private static final JobUser GAMES = new JobUser.Account("games", new FileRights(5, 60, List.of()), "/");

    @TempDir(factory = OpenToAll.class)
    private Path directory = Path.of("/");

    private void fifo(String name, String owner) throws Exception {
        LocalCommands commands = new LocalCommands();
        commands.check(Command.of("mkfifo", directory.resolve(name).toString()));
        commands.check(Command.of("chown", owner, directory.resolve(name).toString()));
    }

    private RankStreams open() throws IOException {
        return RankStreams.open(directory.resolve("rank-0"), GAMES, (_, _) -> {});
    }

    @Test
    void whatTheUserWritesIsRead() throws Exception {
        fifo("rank-0.out", "5");
        fifo("rank-0.err", "5");
        LinkedBlockingQueue<String> read = new LinkedBlockingQueue<>();
        // A rank has its ends before the node is told of them; with "rw" nobody waits for the other one.
        try (RandomAccessFile rank =
                new RandomAccessFile(directory.resolve("rank-0.out").toFile(), "rw")) {
            RankStreams streams = RankStreams.open(
                    directory.resolve("rank-0"),
                    GAMES,
                    (_, bytes) -> read.add(new String(bytes.toArray(), StandardCharsets.UTF_8)));

            rank.write("hello".getBytes(StandardCharsets.UTF_8));

            assertThat(read.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
            streams.stop();
        }
    }

    /** Class of hole: a symbolic link in a directory of the user's that root follows. */
    @Test
    void aLinkToAFileOfRootsIsNotOpened() throws Exception {
        Files.createSymbolicLink(directory.resolve("rank-0.out"), Path.of("/etc/shadow"));

        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }

    /** Class of hole: a hard link to somebody else's file, which no check of links sees. */
    @Test
    void aHardLinkToAnotherFifoIsNotOpened() throws Exception {
        fifo("other", "5");
        Files.createLink(directory.resolve("rank-0.out"), directory.resolve("other"));

        assertThatThrownBy(this::open).hasMessageContaining("is no FIFO of the job's");
    }

    @Test
    void anotherUsersFifoAndARegularFileAreNotOpened() throws Exception {
        fifo("rank-0.out", "6");
        assertThatThrownBy(this::open).hasMessageContaining("is no FIFO of the job's");

        Files.delete(directory.resolve("rank-0.out"));
        Files.writeString(directory.resolve("rank-0.out"), "text");
        assertThatThrownBy(this::open).hasMessageContaining("is no FIFO of the job's");
    }
}
