@NullMarked
package dev.scc.fabric.port;

import org.jspecify.annotations.NullMarked;
