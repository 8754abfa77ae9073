/** Who is who: identities, their certificates, and the authority that signs them. */
@NullMarked
package dev.scc.cluster.trust;

import org.jspecify.annotations.NullMarked;
