package dev.scc.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuCommandTest {
    private static final Kernel KERNEL =
            new Kernel("6.1.0", Path.of("/cache/vmlinux"), Path.of("/cache/lib/modules/6.1.0"));

    private static List<String> of(Accelerator accelerator, String directory) {
        return QemuCommand.of(
                new TestbedName("pool"),
                new TestbedNode(3),
                accelerator,
                512,
                KERNEL,
                " tsc=reliable",
                Path.of(directory));
    }

    @Test
    void eachNicIsOnTheTapOfItsBridge() {
        assertThat(of(Accelerator.TCG, "/data/n3"))
                .contains(
                        "tap,id=underlay,ifname=u3,script=no,downscript=no",
                        "virtio-net-pci,netdev=underlay,mac=52:54:00:99:00:03,romfile=",
                        "tap,id=fabric,ifname=f3,script=no,downscript=no",
                        "virtio-net-pci,netdev=fabric,mac=52:54:00:99:01:03,romfile=,host_mtu=4200,speed=10000,duplex=full",
                        "tap,id=control,ifname=c3,script=no,downscript=no",
                        "virtio-net-pci,netdev=control,mac=52:54:00:99:02:03,romfile=");
    }

    @Test
    void theGuestsRootIsSharedReadOnly() {
        assertThat(of(Accelerator.TCG, "/data/n3"))
                .contains("local,id=root,path=/data/n3/root,security_model=none,readonly=on,multidevs=remap");
    }

    @Test
    void aCommaInAPathIsWrittenTwice() {
        assertThat(of(Accelerator.TCG, "/data,old/n3"))
                .contains("file,id=console,path=/data,,old/n3/console.log")
                .contains("/data,old/n3/initramfs.cpio");
    }

    @Test
    void theProcessorIsTheAccelerators() {
        assertThat(of(Accelerator.TCG, "/d")).containsSequence("-cpu", "Haswell-noTSX");
        assertThat(of(Accelerator.KVM, "/d")).containsSequence("-cpu", "host");
    }

    @Test
    void theKernelIsToldOfItsClock() {
        assertThat(of(Accelerator.TCG, "/d")).anyMatch(argument -> argument.endsWith("mitigations=off tsc=reliable"));
    }
}
