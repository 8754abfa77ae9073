/** The composition root: server and agent put together from every module's parts, and how they log. */
@NullMarked
package dev.scc.cli.daemon;

import org.jspecify.annotations.NullMarked;
