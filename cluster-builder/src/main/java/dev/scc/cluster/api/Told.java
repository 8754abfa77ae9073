package dev.scc.cluster.api;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.scc.cluster.Failure;
import dev.scc.cluster.Outcome;
import dev.scc.cluster.Refusal;
import dev.scc.cluster.rpc.RpcFailed;
import java.util.Optional;

/** Something that a server tells whoever follows a request. The last is {@link Ended}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
public sealed interface Told {
    /** The request is in the tree: whatever happens to this server, it will be taken up. */
    @JsonTypeName("Accepted")
    record Accepted() implements Told {}

    @JsonTypeName("Moved")
    record Moved(Progress progress) implements Told {}

    /** Not one that is in progress. */
    @JsonTypeName("Ended")
    record Ended(Outcome outcome) implements Told {}

    /** The server is alive, and nothing is new. */
    @JsonTypeName("Beat")
    record Beat() implements Told {}

    /** What it says of a request that was refused or has failed. */
    default Optional<RpcFailed> failure() {
        return switch (this) {
            case Ended(Outcome.Refused(long _, Refusal reason, String why)) ->
                Optional.of(new RpcFailed(
                        reason == Refusal.NOT_ENTITLED ? RpcFailed.Kind.NOT_ENTITLED : RpcFailed.Kind.REFUSED,
                        reason + ": " + why));
            case Ended(Outcome.Failed(long _, Failure failure)) ->
                Optional.of(new RpcFailed(RpcFailed.Kind.FAILED, failure.why()));
            case Ended _, Accepted _, Moved _, Beat _ -> Optional.empty();
        };
    }
}
