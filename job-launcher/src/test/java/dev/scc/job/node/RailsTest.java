package dev.scc.job.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scc.fabric.inventory.RdmaSysfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RailsTest {
    @TempDir
    private Path root;

    private void write(String file, String content) throws IOException {
        Path target = root.resolve(file);
        Files.createDirectories(target.resolveSibling("."));
        Files.writeString(target, content + "\n");
    }

    private void device(String name, int numa, String state) throws IOException {
        write("sys/class/infiniband/" + name + "/ports/1/state", state);
        write("sys/class/infiniband/" + name + "/device/numa_node", Integer.toString(numa));
    }

    /** Domains 0, 1, 4 in a row, with a device in the first and two in the last. */
    private Rails read() throws IOException {
        device("mlx5_0", 0, "4: ACTIVE");
        device("mlx5_1", 1, "1: DOWN");
        device("mlx5_2", 4, "4: ACTIVE");
        device("mlx5_3", 4, "4: ACTIVE");
        write("sys/devices/system/node/node0/distance", "10 20 30");
        write("sys/devices/system/node/node1/distance", "21 10 12");
        write("sys/devices/system/node/node4/distance", "30 12 10");
        return Rails.read(new RdmaSysfs(root));
    }

    @Test
    void devicesThatAreDownAreNoRails() throws Exception {
        assertThat(read().all())
                .containsExactly(
                        new Rails.Rail("mlx5_0", Optional.of(0)),
                        new Rails.Rail("mlx5_2", Optional.of(4)),
                        new Rails.Rail("mlx5_3", Optional.of(4)));
    }

    @Test
    void theNearestDeviceIsThatOfTheDomainOrElseTheOneAtTheLeastDistance() throws Exception {
        Rails rails = read();

        assertThat(rails.nearest(0, "mlx5_3")).contains("mlx5_0");
        assertThat(rails.nearest(4, "mlx5_0")).contains("mlx5_2");
        assertThat(rails.nearest(4, "mlx5_3")).as("the job's own").contains("mlx5_3");
        assertThat(rails.nearest(1, "mlx5_0")).as("12 is less than 21").contains("mlx5_2");
    }

    @Test
    void whereThereIsOneDeviceNoneIsNearer() throws Exception {
        device("mlx5_0", 0, "4: ACTIVE");

        assertThat(Rails.read(new RdmaSysfs(root)).nearest(0, "mlx5_0")).isEmpty();
        assertThat(Rails.read(new RdmaSysfs(root.resolve("nothing"))).all()).isEmpty();
    }
}
