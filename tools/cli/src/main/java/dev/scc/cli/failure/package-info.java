/** Expected failures: what they are told as, and the exit status that they end with. */
@NullMarked
package dev.scc.cli.failure;

import org.jspecify.annotations.NullMarked;
