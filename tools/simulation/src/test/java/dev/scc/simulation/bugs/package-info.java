/** That the list of planted bugs fits the sources, and that bugs are found. */
@NullMarked
package dev.scc.simulation.bugs;

import org.jspecify.annotations.NullMarked;
