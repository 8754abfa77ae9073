/** Planted misconfigurations on captured nodes. */
@NullMarked
package dev.scc.fabric.doctor;

import org.jspecify.annotations.NullMarked;
