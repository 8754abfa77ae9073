package dev.scc.fabric.doctor;

import dev.scc.fabric.doctor.NodeFacts.Pci;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads how a PCIe device is attached from its directory in sysfs. */
final class PciReader {
    private final Sysfs files;

    PciReader(Sysfs files) {
        this.files = files;
    }

    /** @param directory of the device, with a slash at its end */
    Pci read(String directory, Map<String, String> uevent) {
        return new Pci(
                uevent.getOrDefault("PCI_SLOT_NAME", ""),
                files.text(directory + "current_link_speed").orElse(""),
                files.text(directory + "current_link_width").orElse(""),
                files.text(directory + "max_link_speed").orElse(""),
                files.text(directory + "max_link_width").orElse(""),
                files.text(directory + "numa_node").orElse(""),
                files.text(directory + "iommu_group/type").orElse(""),
                new PciConfig(files.bytes(directory + "config")).relaxedOrdering(),
                redirecting(directory));
    }

    /** Bridges are the directories above a device's. */
    private String redirecting(String directory) {
        for (Optional<Path> above = files.real(directory).map(Path::getParent);
                above.isPresent() && above.get().startsWith(files.root());
                above = above.map(Path::getParent)) {
            String relative = files.root().relativize(above.get()).toString();
            if (!relative.isEmpty() && new PciConfig(files.bytes(relative + "/config")).redirects()) {
                return String.valueOf(above.get().getFileName());
            }
        }
        return "";
    }
}
