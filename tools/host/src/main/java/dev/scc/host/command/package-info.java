/** The one way to run an external command: an argument list, a deadline, both streams drained. */
@NullMarked
package dev.scc.host.command;

import org.jspecify.annotations.NullMarked;
