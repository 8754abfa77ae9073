package dev.scc.cluster.change;

import dev.scc.cluster.Holding;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.world.Held;
import dev.scc.vpc.VpcName;
import java.util.Optional;

/** A change of a VPC that lives by itself, or of who is in it. */
public sealed interface VpcChange extends Change {

    /** There is a VPC of this name from now on. */
    record Begin(VpcRecord vpc) implements VpcChange {}

    /** There is none any more; it fails while somebody is in it. */
    record Remove(Held<VpcRecord> stored) implements VpcChange {}

    /**
     * Somebody has these addresses from now on, and no others.
     *
     * @param entry name of what stands below the VPC's
     * @param before what he had
     */
    record Hold(VpcName vpc, String entry, Optional<Held<Holding>> before, Holding next) implements VpcChange {}

    /** They may be given to others. */
    record Release(VpcName vpc, String entry, Held<Holding> before) implements VpcChange {}
}
