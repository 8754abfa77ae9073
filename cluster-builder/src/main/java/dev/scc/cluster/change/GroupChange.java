package dev.scc.cluster.change;

import dev.scc.cluster.GroupRecord;
import dev.scc.cluster.VpcRecord;
import dev.scc.cluster.world.Held;

/** A change of a security group. Who is in it changes with {@link VpcChange.Hold}. */
public sealed interface GroupChange extends Change {

    /** There is a group of this name from now on; it fails if its VPC is not there. */
    record Begin(GroupRecord group, Held<VpcRecord> vpc) implements GroupChange {}

    /** It has other rules from now on. */
    record Rewrite(Held<GroupRecord> stored, GroupRecord next) implements GroupChange {}

    /** There is none any more. */
    record Remove(Held<GroupRecord> stored) implements GroupChange {}

    /** It is still what was read. */
    record Rely(Held<GroupRecord> stored) implements GroupChange {}
}
