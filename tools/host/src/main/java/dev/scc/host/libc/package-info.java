/** The few calls of Linux's C library that Java has no words for: namespaces, starting programs, netlink sockets. */
@NullMarked
package dev.scc.host.libc;

import org.jspecify.annotations.NullMarked;
