/** Traffic of an RDMA device with itself: whether the device works alone, whatever it is connected to. */
@NullMarked
package dev.scc.fabric.loopback;

import org.jspecify.annotations.NullMarked;
