package dev.scc.cli.command;

import dev.scc.cluster.Refusal;

/** What a request is about: where whoever is refused can see how it is, and what he can do about it. */
enum Subject {
    CLUSTER(
            "choose another name, or scc delete this one",
            "scc list and scc node list show what there is",
            "scc show tells when it has come to rest",
            "its owner may create it with --user, an administrator may add it: scc user create --clusters"),
    NODE(
            "choose another name; scc node list shows which there are",
            "scc node list shows which nodes there are",
            "scc node show tells what the node is doing",
            "ask an operator or an administrator"),
    VPC(
            "choose another name, or scc vpc delete this one",
            "scc vpc list shows which VPCs there are",
            "scc vpc show tells who is in it",
            "ask its owner, whom scc vpc list names, an operator or an administrator"),
    ENI(
            "choose another name",
            "scc eni list, scc vpc list, scc sg list and scc node list show what there is",
            "scc eni list shows what is where, and how far",
            "ask an operator or an administrator"),
    GROUP(
            "choose another name, or scc sg delete this one",
            "scc sg list, scc vpc list and scc eni list show what there is",
            "scc sg show tells its rules, and which ENIs are in it",
            "ask the owner of its VPC, whom scc vpc list names, an operator or an administrator");

    private final String nameTaken;
    private final String unknown;
    private final String busy;
    private final String notEntitled;

    Subject(String nameTaken, String unknown, String busy, String notEntitled) {
        this.nameTaken = nameTaken;
        this.unknown = unknown;
        this.busy = busy;
        this.notEntitled = notEntitled;
    }

    /** What to do next, for whoever is refused for that reason; empty if the reason itself says so. */
    String next(Refusal reason) {
        return switch (reason) {
            case NOT_ENOUGH_NODES -> "scc node list shows which nodes are free";
            case NO_RDMA -> "without RDMA a cluster has a VPC only: --verify off builds that";
            case NAME_TAKEN -> nameTaken;
            case ADDRESSES -> "choose other addresses, or leave them out where that is allowed";
            case UNKNOWN -> unknown;
            case BUSY -> busy;
            case DOES_NOT_FIT -> "scc gc --dry-run shows what is left behind in the tree, scc gc removes it";
            case NOT_ENTITLED -> notEntitled;
            case OVER_QUOTA -> "take fewer nodes, delete a cluster, or ask an administrator: scc user create --quota";
            case INVALID, NOT_SUPPORTED -> "";
        };
    }
}
