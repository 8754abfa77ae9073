package dev.scc.testbed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a guest is started. */
final class QemuCommand {
    static final String PROGRAM = "qemu-system-x86_64";

    /**
     * Quiet and without what an emulated guest pays for and does not need: layout randomisation, self-tests of ciphers,
     * mitigations, audit. A panic ends QEMU ({@code panic=-1} with {@code -no-reboot}).
     */
    private static final String KERNEL_PARAMETERS = String.join(
            " ",
            "console=ttyS0 quiet panic=-1 net.ifnames=0 nokaslr cryptomgr.notests rcupdate.rcu_expedited=1",
            "random.trust_cpu=on audit=0 apparmor=0 nomodeset mitigations=off");

    private QemuCommand() {}

    /**
     * @param clock what the kernel is told of the guest's clock, a space before each parameter; may be empty
     * @param directory of this guest: its initramfs, and where the two serial ports are written
     */
    static List<String> of(
            TestbedName testbed,
            TestbedNode node,
            Accelerator accelerator,
            int memoryMiB,
            Kernel kernel,
            String clock,
            Path directory) {
        List<String> argv = new ArrayList<>();
        argv.addAll(List.of(PROGRAM, "-name", testbed.namespace() + "-" + node.name()));
        argv.addAll(List.of("-machine", "pc", "-accel", accelerator.option(), "-cpu", accelerator.cpu()));
        argv.addAll(List.of("-smp", "1", "-m", Integer.toString(memoryMiB)));
        argv.addAll(List.of("-nodefaults", "-no-user-config", "-no-reboot", "-vga", "none", "-display", "none"));
        argv.addAll(List.of("-kernel", kernel.image().toString()));
        argv.addAll(List.of("-initrd", directory.resolve(GuestFiles.INITRAMFS).toString()));
        argv.addAll(List.of("-append", KERNEL_PARAMETERS + clock));
        serial(argv, "console", directory.resolve(GuestFiles.CONSOLE));
        serial(argv, "agent", directory.resolve(GuestFiles.AGENT));
        nic(argv, "underlay", node.underlayPort(), node.underlayMac(), "");
        // rxe reports the link's speed, and asks for it again and again while it is unknown.
        nic(
                argv,
                "fabric",
                node.fabricPort(),
                node.fabricMac(),
                ",host_mtu=" + TestbedNode.RDMA_MTU + ",speed=10000,duplex=full");
        nic(argv, "control", node.controlPort(), node.controlMac(), "");
        String root = escaped(directory.resolve(GuestFiles.ROOT));
        argv.addAll(
                List.of("-fsdev", "local,id=root,path=" + root + ",security_model=none,readonly=on,multidevs=remap"));
        argv.addAll(List.of("-device", "virtio-9p-pci,fsdev=root,mount_tag=host", "-device", "virtio-rng-pci"));
        return List.copyOf(argv);
    }

    private static void serial(List<String> argv, String id, Path file) {
        argv.addAll(List.of("-chardev", "file,id=" + id + ",path=" + escaped(file), "-serial", "chardev:" + id));
    }

    private static void nic(List<String> argv, String id, String tap, String mac, String more) {
        argv.addAll(List.of("-netdev", "tap,id=" + id + ",ifname=" + tap + ",script=no,downscript=no"));
        // No romfile: the firmware would look for something to boot in each NIC.
        argv.addAll(List.of("-device", "virtio-net-pci,netdev=" + id + ",mac=" + mac + ",romfile=" + more));
    }

    // In QEMU's option lists a comma in a value is written twice.
    private static String escaped(Path path) {
        return path.toString().replace(",", ",,");
    }
}
