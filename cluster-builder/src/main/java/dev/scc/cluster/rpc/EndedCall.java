package dev.scc.cluster.rpc;

import java.util.Optional;

/**
 * A call that was served, or refused, and has ended.
 *
 * @param method such as {@code scc.Server/Ask}
 * @param access who may call that
 * @param about what the call was about, as far as its method says so; never a secret
 * @param failure how it has failed; empty if it has not
 * @param why it has failed; else empty
 */
public record EndedCall(
        Caller caller, String method, Access access, String about, Optional<RpcFailed.Kind> failure, String why) {}
