package dev.scc.testbed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a guest boots into: busybox, the modules it needs before and without its root, and the facts of one node. */
final class Initramfs {
    /** Needed to mount the root. */
    private static final List<String> ROOT_MODULES =
            List.of("virtio_pci", "virtio_net", "9p", "9pnet_virtio", "overlay");

    /**
     * What an agent uses. Loaded from here they cost 0.4 s under emulation, from the root several times that.
     * crc32 and crc32c are asked for by name when rxe and libcrc32c need them, which depmod does not see.
     */
    private static final List<String> NODE_MODULES = List.of(
            "crc32_generic",
            "crc32c_generic",
            "ib_uverbs",
            "rdma_rxe",
            "rdma_ucm",
            "8021q",
            "vxlan",
            "macvlan",
            "wireguard",
            "nf_tables",
            "nft_ct",
            "nft_reject_inet");

    private final byte[] shared;
    private final Kernel kernel;
    private final NodeKind.Vm kind;

    /**
     * @param busybox statically linked
     * @param guestExec statically linked
     * @throws IllegalArgumentException if the kernel lacks a module
     */
    Initramfs(Kernel kernel, Path busybox, Path guestExec, List<TestbedNode> nodes, NodeKind.Vm kind)
            throws IOException {
        this.kernel = kernel;
        this.kind = kind;
        ModuleIndex index = kernel.moduleIndex();
        List<String> first = index.inLoadOrder(ROOT_MODULES);
        List<String> second = index.inLoadOrder(NODE_MODULES).stream()
                .filter(path -> !first.contains(path))
                .toList();
        CpioWriter cpio = new CpioWriter();
        List.of("bin", "dev", "proc", "sys", "modules", "node").forEach(cpio::directory);
        cpio.program("bin/busybox", Files.readAllBytes(busybox));
        cpio.program("bin/guest-exec", Files.readAllBytes(guestExec));
        cpio.program("init", resource("init.sh"));
        cpio.file("modules/root.list", names(first));
        cpio.file("modules/node.list", names(second));
        for (List<String> stage : List.of(first, second)) {
            for (String path : stage) {
                cpio.file(
                        "modules/" + fileName(path),
                        Files.readAllBytes(kernel.modules().resolve(path)));
            }
        }
        cpio.file("node/start.sh", resource("start.sh"));
        cpio.file("node/start-agent.sh", resource("start-agent.sh"));
        cpio.file("node/hosts", hosts(nodes));
        shared = cpio.finish();
    }

    void write(TestbedNode node, Path file) throws IOException {
        CpioWriter cpio = new CpioWriter();
        cpio.file("node/facts", facts(node));
        cpio.file("node/hostname", node.name() + "\n");
        List<String> agent = kind.agentCommand().apply(node);
        if (!agent.isEmpty()) {
            cpio.file("node/agent.sh", "exec " + quoted(agent) + "\n");
        }
        Map<String, String> secrets = kind.secrets().apply(node);
        if (!secrets.isEmpty()) {
            cpio.secretDirectory("node/data");
            secrets.forEach((name, content) -> cpio.secret("node/data/" + name, content));
        }
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(shared);
            out.write(cpio.finish());
        }
    }

    private String facts(TestbedNode node) {
        return "name=" + node.name() + "\naddress=" + node.address() + "\nprefix=" + TestbedNode.PREFIX + "\nmtu="
                + TestbedNode.RDMA_MTU + "\ncontrol=" + node.control() + "\nport=" + TestbedNode.EXEC_PORT + "\nkernel="
                + kernel.release()
                + "\nmodules="
                + quoted(List.of(kernel.modules().toString())) + "\n";
    }

    private static String hosts(List<TestbedNode> nodes) {
        return "127.0.0.1 localhost\n"
                + nodes.stream()
                        .map(node -> node.address() + " " + node.name() + "\n")
                        .collect(Collectors.joining());
    }

    /** As words of a POSIX shell. */
    static String quoted(List<String> words) {
        return words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private static String names(List<String> paths) {
        return paths.stream().map(path -> fileName(path) + "\n").collect(Collectors.joining());
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static byte[] resource(String name) {
        try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the testbed's jar");
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            in.transferTo(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
