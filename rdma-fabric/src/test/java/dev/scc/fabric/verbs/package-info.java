/** The native library as far as a machine without RDMA can show it, and what is pure about probes. */
@NullMarked
package dev.scc.fabric.verbs;

import org.jspecify.annotations.NullMarked;
