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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device's traffic with itself, through verbs. Thread-safe; native waits hold up a virtual thread's carrier, so it is for
 * platform threads.
 */
public final class VerbsLoopback implements LoopbackProber {
    private static final Logger log = LoggerFactory.getLogger(VerbsLoopback.class);

    /** Far more than a device that is well needs, on an emulated node that shares a core too. */
    private static final Duration TRY = Duration.ofSeconds(4);

    /** A process that was stopped meanwhile, or a processor that was busy, is no fault of the device's. */
    private static final int TRIES = 2;

    @Override
    public LoopbackOutcome run(LoopbackPlace place) throws InterruptedException {
        RdmaSysfs sysfs = RdmaSysfs.local();
        Optional<GidEntry> gid;
        try {
            VerbsLibrary.load();
            RdmaCounters counted = RdmaCounters.read(sysfs, place.device());
            log.atTrace()
                    .addKeyValue("device", place.device())
                    .addKeyValue("counted", counted)
                    .log("to be checked");
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
                return new LoopbackOutcome.Passed(loopback.run(new SplittableRandom().nextLong(), Deadline.in(TRY)));
            } catch (IOException | ProbeFailed e) {
                why = String.valueOf(e.getMessage());
            }
        }
        return new LoopbackOutcome.Failed(why);
    }
}
