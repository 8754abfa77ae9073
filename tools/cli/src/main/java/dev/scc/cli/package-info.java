/** The command line: picocli commands, rendering, and the composition of server and agent. */
@NullMarked
package dev.scc.cli;

import org.jspecify.annotations.NullMarked;
