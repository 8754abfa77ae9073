/** The answers of the command line as records. Their JSON form is a contract with scripts: see the golden tests. */
@NullMarked
package dev.scc.cli.view;

import org.jspecify.annotations.NullMarked;
