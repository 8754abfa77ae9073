/** The VPC side of a node: VXLAN overlays with static forwarding, elastic network interfaces, address plans. */
@NullMarked
package dev.scc.vpc;

import org.jspecify.annotations.NullMarked;
