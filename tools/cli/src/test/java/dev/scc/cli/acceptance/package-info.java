/**
 * The whole road, from outside: the real {@code scc} command line on a testbed of guests with real Soft-RoCE. One boot is
 * shared by all classes; what breaks a node for good has a testbed of its own.
 */
@NullMarked
package dev.scc.cli.acceptance;

import org.jspecify.annotations.NullMarked;
