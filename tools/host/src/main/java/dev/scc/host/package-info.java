/** What every module needs to name and touch a machine: node names, addresses, files that survive a crash. */
@NullMarked
package dev.scc.host;

import org.jspecify.annotations.NullMarked;
