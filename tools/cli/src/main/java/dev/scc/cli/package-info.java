/** Where the process starts and ends. */
@NullMarked
package dev.scc.cli;

import org.jspecify.annotations.NullMarked;
