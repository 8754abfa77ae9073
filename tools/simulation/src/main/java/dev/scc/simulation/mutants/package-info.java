/**
 * Mutation: random small changes of scc's compiled classes, each of which the unit tests or the simulation have to notice.
 * Classes are changed in the memory of Java processes that run the judges; the files stay as they are.
 */
@NullMarked
package dev.scc.simulation.mutants;

import org.jspecify.annotations.NullMarked;
