/** A node's network as data: the objects that scc makes, the plan that leads from what is to what is wanted, and the machine that carries it out. */
@NullMarked
package dev.scc.host.net;

import org.jspecify.annotations.NullMarked;
