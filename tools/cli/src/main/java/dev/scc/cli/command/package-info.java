/** The commands: each parses its options, calls one service, and hands back an answer. */
@NullMarked
package dev.scc.cli.command;

import org.jspecify.annotations.NullMarked;
