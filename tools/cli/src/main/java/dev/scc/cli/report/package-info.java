/** Reports as pages that need nothing beside themselves. */
@NullMarked
package dev.scc.cli.report;

import org.jspecify.annotations.NullMarked;
