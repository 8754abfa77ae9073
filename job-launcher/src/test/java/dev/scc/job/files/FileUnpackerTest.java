package dev.scc.job.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.scc.cluster.rpc.Bytes;
import dev.scc.host.NodeName;
import dev.scc.job.JobEvent;
import dev.scc.job.node.NodeEvent;
import dev.scc.job.node.NodeOrder;
import dev.scc.job.rpc.KeeperRpc;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileUnpackerTest {
    private static final long PLENTY = 1 << 20;

    @TempDir
    Path scratch;

    private Path root;

    @BeforeEach
    void root() throws IOException {
        root = Files.createDirectory(scratch.resolve("root"));
    }

    /** What somebody hostile writes. */
    private static final class Forged {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        Forged directory(String path, int mode) throws IOException {
            head('d', path).writeShort(mode);
            return this;
        }

        Forged file(String path, int mode, String content) throws IOException {
            DataOutputStream to = head('f', path);
            to.writeShort(mode);
            to.writeLong(content.length());
            to.writeBytes(content);
            return this;
        }

        Forged link(String path, String target) throws IOException {
            text(head('l', path), target);
            return this;
        }

        DataOutputStream head(int kind, String path) throws IOException {
            out.writeByte(kind);
            text(out, path);
            return out;
        }

        private static void text(DataOutputStream out, String text) throws IOException {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeShort(utf8.length);
            out.write(utf8);
        }

        byte[] end() throws Exception {
            out.writeByte('e');
            out.write(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
            return bytes.toByteArray();
        }
    }

    private int unpack(byte[] stream) throws IOException {
        return FileUnpacker.unpack(new ByteArrayInputStream(stream), root, PLENTY);
    }

    private void refuses(Forged forged, String why) throws Exception {
        byte[] stream = forged.end();
        assertThatThrownBy(() -> unpack(stream)).isInstanceOf(IOException.class).hasMessageContaining(why);
        try (Stream<Path> outside = Files.list(scratch)) {
            assertThat(outside).containsExactly(root);
        }
    }

    @Test
    void whatASelectionWritesIsThereAgainWithModesAndLinks() throws Exception {
        Path from = scratch.resolve("from");
        Files.createDirectories(from.resolve("sub/deep"));
        Files.writeString(from.resolve("sub/run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(from.resolve("sub/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(from.resolve("large"), new byte[300_000]);
        Files.createSymbolicLink(from.resolve("sub/deep/up"), Path.of("../run"));
        ByteArrayOutputStream stream = new ByteArrayOutputStream();

        FileSelection selection = FileSelection.all(from);
        selection.write(stream, FileChannel::open);

        assertThat(selection.bytes()).isEqualTo(300_010);
        assertThat(unpack(stream.toByteArray())).isEqualTo(5);
        assertThat(root.resolve("sub/deep/up")).isSymbolicLink().hasContent("#!/bin/sh\n");
        assertThat(Files.isExecutable(root.resolve("sub/run"))).isTrue();
        assertThat(root.resolve("large")).hasSize(300_000);
    }

    @Test
    void oneFileIsAFolderWithThatFile() throws Exception {
        Path one = Files.writeString(scratch.resolve("one"), "1");
        Files.writeString(scratch.resolve("other"), "2");

        assertThat(FileSelection.all(one)).hasToString("one");
    }

    @Test
    void aFileThatALinkLeadsToIsCopiedUnderTheLinksName() throws Exception {
        Files.writeString(scratch.resolve("app-1.2"), "1.2");
        ByteArrayOutputStream stream = new ByteArrayOutputStream();

        FileSelection.all(Files.createSymbolicLink(scratch.resolve("app"), Path.of("app-1.2")))
                .write(stream, FileChannel::open);

        assertThat(unpack(stream.toByteArray())).isOne();
        assertThat(root.resolve("app")).isRegularFile().hasContent("1.2");
    }

    /** Class of hole: memory that others fill (CWE-770). */
    @Test
    void pathsThatAreTooLongTogetherAreRefusedBothBeforeAndAfterTheyAreSent() throws Exception {
        Path from = Files.createDirectory(scratch.resolve("from"));
        String target = "x/".repeat(2_000);
        Forged forged = new Forged();
        for (int link = 0; link < 1_100; link++) {
            Files.createSymbolicLink(from.resolve("l" + link), Path.of(target));
            forged.link("l" + link, target);
        }
        byte[] stream = forged.end();

        assertThatThrownBy(() -> FileSelection.all(from)).hasMessageContaining("more than 4194304 bytes in the paths");
        assertThatThrownBy(() -> unpack(stream)).hasMessageContaining("more than 4194304 bytes together");
    }

    @Test
    void noMessageHasALongerPiece() {
        Bytes longer = Bytes.of(new byte[PieceOutput.PIECE + 1]);
        NodeName node = new NodeName("n1");

        assertThatThrownBy(() -> new NodeOrder.StagePiece(longer)).hasMessageContaining("longer than 65536");
        assertThatThrownBy(() -> new NodeEvent.Collected(longer)).hasMessageContaining("longer than 65536");
        assertThatThrownBy(() -> new JobEvent.Collected(node, longer)).hasMessageContaining("longer than 65536");
        assertThatThrownBy(() -> new KeeperRpc.Staged(longer)).hasMessageContaining("longer than 65536");
    }

    @Test
    void patternsChooseFilesAndFollowNoLink() throws Exception {
        Path from = scratch.resolve("from");
        Files.createDirectories(from.resolve("out/sub"));
        Files.writeString(from.resolve("out/a.csv"), "a");
        Files.writeString(from.resolve("out/sub/b.csv"), "b");
        Files.writeString(from.resolve("c.txt"), "c");
        Files.createSymbolicLink(from.resolve("out/passwd.csv"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(from.resolve("etc"), Path.of("/etc"));

        assertThat(FileSelection.matching(from, List.of("**.csv", "etc/*")))
                .hasToString("out, out/a.csv, out/sub, out/sub/b.csv");
    }

    @Test
    void whatIsNoFileOrLeadsOutIsNamedBeforeItIsCopied() throws Exception {
        Path from = Files.createDirectory(scratch.resolve("from"));
        Files.createSymbolicLink(from.resolve("out"), Path.of("../../etc"));
        assertThatThrownBy(() -> FileSelection.all(from)).hasMessageContaining("out leads to ../../etc");
        Files.delete(from.resolve("out"));
        new ProcessBuilder("mkfifo", from.resolve("pipe").toString()).start().waitFor();
        assertThatThrownBy(() -> FileSelection.all(from)).hasMessageContaining("pipe is neither a file nor a folder");
    }

    @Test
    void whatIsTooLargeIsRefusedWithTheNumbers() throws Exception {
        Path large = scratch.resolve("large");
        try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
            file.setLength((512L << 20) + 1);
        }

        assertThatThrownBy(() -> FileSelection.all(large))
                .hasMessageContaining("536870913")
                .hasMessageContaining("536870912");
    }

    /** Class of hole: path traversal (CWE-22). */
    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/../../x", "./x", "a//x", "", "..", "a\0x"})
    void pathsThatLeadElsewhereAreRefused(String path) throws Exception {
        refuses(new Forged().directory("a", 0700).file(path, 0644, "x"), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "..", "../x", "a/../../x", ""})
    void linksThatLeadOutAreRefused(String target) throws Exception {
        refuses(new Forged().link("x", target), "out of the folder");
    }

    /** Class of hole: symbolic links (CWE-59). */
    @Test
    void nothingIsWrittenThroughALink() throws Exception {
        refuses(new Forged().directory("a", 0700).link("l", "a").file("l/x", 0644, "x"), "in no folder");
        assertThat(root.resolve("a")).isEmptyDirectory();
    }

    @Test
    void whatIsThereIsNotWrittenTo() throws Exception {
        Files.createSymbolicLink(root.resolve("x"), scratch.resolve("victim"));

        refuses(new Forged().file("x", 0644, "x"), "x");
        assertThat(scratch.resolve("victim")).doesNotExist();
    }

    @Test
    void devicesAndWhateverElseAreRefused() throws Exception {
        Forged forged = new Forged();
        forged.head('b', "sda").writeInt(0x0800);

        refuses(forged, "kind");
    }

    /** Class of hole: set-user-id files that travel along (CWE-732). */
    @Test
    void noFileGetsAnothersRights() throws Exception {
        unpack(new Forged().directory("d", 07000).file("d/su", 07755, "x").end());

        assertThat((int) Files.getAttribute(root.resolve("d/su"), "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777)
                .isEqualTo(0755);
        assertThat((int) Files.getAttribute(root.resolve("d"), "unix:mode") & 07777)
                .isEqualTo(0700);
    }

    @Test
    void moreThanWasSaidIsRefusedBeforeItIsWritten() throws Exception {
        Forged forged = new Forged();
        forged.head('f', "x").writeShort(0644);
        forged.out.writeLong(PLENTY + 1);

        refuses(forged, "more than the " + PLENTY);
        assertThat(root.resolve("x")).doesNotExist();
    }

    @Test
    void whatIsCutOffOrDamagedIsNoticed() throws Exception {
        byte[] stream = new Forged()
                .directory("d", 0755)
                .file("d/x", 0644, "0123456789")
                .end();
        byte[] cut = java.util.Arrays.copyOf(stream, stream.length / 2);
        stream[stream.length - 36]++;

        assertThatThrownBy(() -> unpack(cut)).hasMessageContaining("ends in its middle");
        Files.delete(root.resolve("d/x"));
        Files.delete(root.resolve("d"));
        assertThatThrownBy(() -> unpack(stream)).hasMessageContaining("checksum");
    }

    @Test
    void randomBytesMakeNothingOutside() throws Exception {
        byte[] valid = new Forged()
                .directory("d", 0755)
                .file("d/x", 0644, "0123456789")
                .link("d/l", "x")
                .end();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] stream = valid.clone();
            for (int change = 0; change < 3; change++) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt();
            }
            root = Files.createDirectory(scratch.resolve("root").resolve("r" + i));
            try {
                unpack(stream);
            } catch (IOException e) {
                assertThat(e).as("seed " + seed).hasMessageNotContaining("IndexOutOfBounds");
            }
        }
        try (Stream<Path> outside = Files.list(scratch)) {
            assertThat(outside).as("seed " + seed).containsExactly(scratch.resolve("root"));
        }
    }
}
