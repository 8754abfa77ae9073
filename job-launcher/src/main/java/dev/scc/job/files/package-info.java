/** Files and folders as one stream of bytes: what a job brings along to its nodes, and what it leaves for its caller. */
@NullMarked
package dev.scc.job.files;

import org.jspecify.annotations.NullMarked;
