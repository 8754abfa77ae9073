package dev.scc.simulation;

import dev.scc.host.Json;
import dev.scc.job.JobId;
import dev.scc.job.JobRecord;
import dev.scc.job.history.JobStore;
import dev.scc.job.history.OutputLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The disk where a keeper has its jobs. What has been written survives every crash but the loss of the disk. */
record JobDisk(JobScene scene, JobKeeperProcess keeper) implements JobStore {
    private static final Path NOWHERE = Path.of("/nowhere");

    private JobHost host() {
        return keeper.host;
    }

    @Override
    public List<String> places() {
        return List.copyOf(host().disk.keySet());
    }

    @Override
    public byte[] record(String place) throws IOException {
        byte[] record = host().disk.get(place);
        if (record == null) {
            throw new IOException("there is no " + place);
        }
        return record;
    }

    @Override
    public void write(String place, byte[] record) throws IOException {
        if (!keeper.alive()) {
            return;
        }
        if (host().diskFull) {
            scene.sim.tally.fault("disk was full");
            scene.promises.unwritten(host(), Json.read(record, JobRecord.class));
            throw new IOException("No space left on device");
        }
        if (scene.faults.killsAtWrite(keeper)) {
            boolean written = scene.sim.chance.oneIn(2);
            if (written) {
                put(place, record);
            }
            keeper.end();
            return;
        }
        put(place, record);
    }

    private void put(String place, byte[] record) {
        byte[] before = host().disk.put(place, record);
        scene.promises.written(
                host(),
                java.util.Optional.ofNullable(before).map(text -> Json.read(text, JobRecord.class)),
                Json.read(record, JobRecord.class));
    }

    @Override
    public OutputLog begin(String place, long limit) {
        return OutputLog.begin(NOWHERE, limit);
    }

    @Override
    public OutputLog output(String place) {
        return OutputLog.begin(NOWHERE, JobKeeperProcess.LIMITS.outputOfJob());
    }

    @Override
    public void remove(String place) {
        if (!keeper.alive()) {
            return;
        }
        byte[] before = host().disk.remove(place);
        JobRecord unwritten = host().unwritten.remove(new JobId(place));
        if (unwritten != null) {
            scene.promises.history.removed(host(), unwritten);
        } else if (before != null) {
            scene.promises.history.removed(host(), Json.read(before, JobRecord.class));
        }
    }
}
