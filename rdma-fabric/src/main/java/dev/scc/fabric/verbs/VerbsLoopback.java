package dev.scc.fabric.verbs;

import dev.scc.fabric.GidEntry;
import dev.scc.fabric.inventory.Gids;
import dev.scc.fabric.inventory.RdmaCounters;
import dev.scc.fabric.inventory.RdmaSysfs;
import dev.scc.fabric.loopback.LoopbackOutcome;
import dev.scc.fabric.loopback.LoopbackPlace;
import dev.scc.fabric.loopback.LoopbackProber;
import dev.scc.fabric.verify.CannotVerify;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A device's traffic with itself, through verbs. Thread-safe; native waits hold up a virtual thread's carrier, so it is for
 * platform threads.
 */
public final class VerbsLoopback implements LoopbackProber {
    /** Far more than a device that is well needs, on an emulated node that shares a core too. */
    private static final Duration TRY = Duration.ofSeconds(7);

    /** A process that was stopped meanwhile, or a processor that was busy, is no fault of the device's. */
    private static final int TRIES = 2;

    @Override
    public LoopbackOutcome run(LoopbackPlace place) throws InterruptedException {
        RdmaSysfs sysfs = RdmaSysfs.local();
        RdmaCounters before;
        Optional<GidEntry> gid;
        try {
            VerbsLibrary.load();
            before = RdmaCounters.read(sysfs, place.device());
            gid = Gids.ofInterface(sysfs, place.device(), place.netdev(), place.addresses());
        } catch (CannotVerify | IOException e) {
            return new LoopbackOutcome.NotTried(String.valueOf(e.getMessage()));
        }
        if (gid.isEmpty()) {
            return new LoopbackOutcome.NotTried("RDMA device " + place.device()
                    + " has no RoCE v2 GID for an address of interface " + place.netdev());
        }
        Loopback loopback = new Loopback(sysfs, place.device(), gid.get().index());
        String why = "";
        for (int number = 0; number < TRIES; number++) {
            try {
                return new LoopbackOutcome.Passed(
                        loopback.run(new SplittableRandom().nextLong(), before, Deadline.in(TRY)));
            } catch (IOException | ProbeFailed e) {
                why = String.valueOf(e.getMessage());
            }
            Thread.sleep(Loopback.COUNTERS);
            before = counted(sysfs, place.device()).orElse(before);
        }
        return new LoopbackOutcome.Failed(why);
    }

    /** Empty of a device that has gone meanwhile. */
    private static Optional<RdmaCounters> counted(RdmaSysfs sysfs, String device) {
        try {
            return Optional.of(RdmaCounters.read(sysfs, device));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
