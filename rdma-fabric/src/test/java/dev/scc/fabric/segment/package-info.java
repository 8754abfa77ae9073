/** What a segment needs on a node, and waiting for its GID. */
@NullMarked
package dev.scc.fabric.segment;

import org.jspecify.annotations.NullMarked;
