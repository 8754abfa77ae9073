@NullMarked
package dev.scc.simulation.mutants;

import org.jspecify.annotations.NullMarked;
