/** Which server a command talks to: the user's configuration file with its contexts. */
@NullMarked
package dev.scc.cli.context;

import org.jspecify.annotations.NullMarked;
