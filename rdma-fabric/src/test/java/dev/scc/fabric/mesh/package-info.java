@NullMarked
package dev.scc.fabric.mesh;

import org.jspecify.annotations.NullMarked;
