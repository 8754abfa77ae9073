package dev.scc.cluster.api;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.cluster.view.VerifyView;
import dev.scc.fabric.verify.FlowResult;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.NodeName;
import java.util.Optional;

/** Something that a server tells whoever has a cluster verified. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface VerifySaid {
    @JsonTypeName("Probed")
    record Probed(ProbeResult result) implements VerifySaid {}

    /** What one flow of the load moved. */
    @JsonTypeName("Flowed")
    record Flowed(FlowResult result) implements VerifySaid {}

    /** The server is alive, and nothing is new. */
    @JsonTypeName("Beat")
    record Beat() implements VerifySaid {}

    /** The end of it; exactly one is told, as the last. */
    sealed interface End extends VerifySaid {}

    /** The probes were carried out, well or not. */
    @JsonTypeName("Judged")
    record Judged(VerifyView view) implements End {}

    /**
     * Nothing is known about the fabric.
     *
     * @param node where verbs cannot be used
     */
    @JsonTypeName("CannotVerify")
    record CannotVerify(Optional<NodeName> node, String why) implements End {}

    @JsonTypeName("NoSuchCluster")
    record NoSuchCluster() implements End {}
}
