/** Runs what the commands and daemons run, once, so that the JDK can record which classes they need. */
@NullMarked
package dev.scc.cli.train;

import org.jspecify.annotations.NullMarked;
