/** How answers, progress and failures look: as tables for people, as JSON or YAML for programs, as names for pipes. */
@NullMarked
package dev.scc.cli.render;

import org.jspecify.annotations.NullMarked;
