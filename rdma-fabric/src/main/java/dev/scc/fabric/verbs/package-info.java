/** Probes through verbs. The only package that knows DiSNI. */
@NullMarked
package dev.scc.fabric.verbs;

import org.jspecify.annotations.NullMarked;
