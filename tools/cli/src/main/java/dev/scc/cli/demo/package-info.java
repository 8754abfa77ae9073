/** The whole road on one machine, as a user would go it: each step is a command line of its own, timed from outside. */
@NullMarked
package dev.scc.cli.demo;

import org.jspecify.annotations.NullMarked;
