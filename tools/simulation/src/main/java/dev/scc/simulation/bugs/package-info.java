/**
 * Planted bugs: small changes of scc's own sources, each of which breaks a promise. That the simulation finds all of them
 * shows that it would find such a bug if somebody made it.
 */
@NullMarked
package dev.scc.simulation.bugs;

import org.jspecify.annotations.NullMarked;
