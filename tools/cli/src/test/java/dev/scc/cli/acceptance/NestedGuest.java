package dev.scc.cli.acceptance;

import static org.awaitility.Awaitility.await;

import dev.scc.host.command.Command;
import dev.scc.host.command.CommandFailed;
import dev.scc.host.command.LocalCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A virtual machine of a tenant's on a node: the kernel of testbeds' guests and busybox, and a script that runs as its first process.
 * What that prints is read from its console.
 */
final class NestedGuest implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final Process qemu;
    private final Path console;

    private NestedGuest(Process qemu, Path console) {
        this.qemu = qemu;
        this.console = console;
    }

    /**
     * Boots it.
     *
     * @param directory of its own
     * @param namespace that its node is
     * @param eni as scc shows it
     * @param script of its shell, when its interface eth0 is up and has the ENI's address
     */
    static NestedGuest boot(Path directory, String namespace, JsonNode eni, String script)
            throws IOException, CommandFailed {
        Path kernel = kernel();
        Path root = Files.createDirectories(directory.resolve("root"));
        for (String name : List.of("bin", "dev", "proc", "sys")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        modules(kernel, root);
        Path init = root.resolve("init");
        Files.writeString(init, """
                #!/bin/busybox sh
                /bin/busybox --install -s /bin
                mount -t proc proc /proc
                mount -t sysfs sys /sys
                mount -t devtmpfs dev /dev
                for module in /*.ko; do insmod $module; done
                ip link set eth0 up
                ip addr add %s/%d dev eth0
                %s
                sleep 1000000
                """.formatted(
                eni.get("addresses").get(0).asString(), eni.get("prefix").asInt(), script));
        Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path initramfs = directory.resolve("initramfs.cpio");
        check("sh", "-c", "cd '" + root + "' && find . | busybox cpio -o -H newc > '" + initramfs + "' 2> /dev/null");
        Path console = directory.resolve("console");
        String device = eni.get("device").asString();
        List<String> argv = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "qemu-system-x86_64"));
        argv.addAll(List.of("-machine", "pc", "-accel", "tcg", "-cpu", "Haswell-noTSX", "-m", "256", "-no-reboot"));
        argv.addAll(List.of("-nodefaults", "-no-user-config", "-vga", "none", "-display", "none"));
        argv.addAll(List.of("-kernel", kernel.resolve("vmlinux").toString(), "-initrd", initramfs.toString()));
        argv.addAll(List.of("-append", "console=ttyS0 quiet panic=-1 net.ifnames=0 no_timer_check tsc=reliable"));
        argv.addAll(List.of("-chardev", "file,id=console,path=" + console, "-serial", "chardev:console"));
        // As scc eni show says it.
        argv.addAll(List.of("-netdev", "tap,id=eni,ifname=" + device + ",script=no,downscript=no", "-device"));
        argv.add("virtio-net-pci,netdev=eni,mac=" + eni.get("mac").asString() + ",host_mtu="
                + eni.get("mtu").asInt() + ",romfile=");
        Process qemu = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.log").toFile())
                .start();
        return new NestedGuest(qemu, console);
    }

    /** Waits until it has printed that. */
    void awaitPrinted(String text) {
        await().atMost(LONGEST).until(() -> {
            if (!qemu.isAlive()) {
                throw new AssertionError("the guest has ended: " + printed());
            }
            return printed().contains(text);
        });
    }

    String printed() throws IOException {
        return Files.exists(console) ? Files.readString(console) : "";
    }

    @Override
    public void close() {
        qemu.destroyForcibly();
        qemu.onExit().join();
    }

    /** That of testbeds' guests, which the tests of the testbed have fetched. */
    private static Path kernel() throws IOException, CommandFailed {
        String cache = check(
                "bash",
                "-c",
                ". \"$1\"; user_directories; printf %s \"$cache\"",
                "-",
                Scc.root().resolve("tools/cli/src/main/dist/bin/user.sh").toString());
        try (Stream<Path> kernels = Files.list(Path.of(cache, "kernel"))) {
            return kernels.filter(path -> Files.exists(path.resolve("vmlinux")))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no kernel in " + cache + "; scc testbed up fetches one"));
        }
    }

    private static void modules(Path kernel, Path root) throws IOException, CommandFailed {
        String release = kernel.getFileName().toString();
        List<String> files = new ArrayList<>();
        for (String module : List.of("virtio_pci", "virtio_net")) {
            check("modprobe", "-d", kernel.toString(), "-S", release, "--show-depends", module)
                    .lines()
                    .filter(line -> line.startsWith("insmod "))
                    .map(line -> line.strip().substring("insmod ".length()))
                    .filter(file -> !files.contains(file))
                    .forEach(files::add);
        }
        for (int i = 0; i < files.size(); i++) {
            Files.copy(Path.of(files.get(i)), root.resolve("%02d.ko".formatted(i)));
        }
    }

    private static String check(String... argv) throws CommandFailed {
        return new LocalCommands().check(Command.of(argv));
    }
}
