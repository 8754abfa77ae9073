package dev.scc.job.plan;

import java.util.Optional;

/**
 * What a launch must know of a node that only the node knows.
 *
 * @param cores that processes can run on
 * @param pmiPort where its ranks find the PMI-1 server, on 127.0.0.1
 * @param gidIndex of the segment's GID; empty where there is none
 * @param vpcPort at its address in the VPC that is free when ranks are started; empty where it was not asked for one
 * @param trafficClass of the site for RDMA; empty where it has none
 * @param serviceLevel priority in the VLAN header (PCP) of what queue pairs send, 1 to 7; empty where all goes in class 0
 * @param pmix whether PMIx can be served to ranks there
 */
public record NodeFacts(
        int cores,
        int pmiPort,
        Optional<Integer> gidIndex,
        Optional<Integer> vpcPort,
        Optional<Integer> trafficClass,
        Optional<Integer> serviceLevel,
        boolean pmix) {}
