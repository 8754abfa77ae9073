@NullMarked
package dev.scc.simulation;

import org.jspecify.annotations.NullMarked;
