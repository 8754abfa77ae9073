package dev.scc.cluster;

import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A cluster as its owner wants it.
 *
 * @param nodes how many, 1 to {@value #MOST_NODES}
 * @param vpc its VPC's name; if empty, the cluster's own
 * @param vpcCidr of its VPC; if empty, one is chosen
 * @param rdmaCidr of its segment; if empty, one is chosen
 * @param select labels that a node must bear, all of them
 * @param verify which pairs must have exchanged RDMA traffic before the cluster is ready
 */
public record ClusterSpec(
        ClusterName name,
        int nodes,
        Optional<String> vpc,
        Optional<Cidr> vpcCidr,
        Optional<Cidr> rdmaCidr,
        Map<String, String> select,
        Pattern verify,
        OnFailure onFailure) {
    /** What one transaction can carry. */
    public static final int MOST_NODES = 3000;

    public ClusterSpec {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("nodes: " + nodes + " is not within 1 to " + MOST_NODES);
        }
        vpc.ifPresent(ClusterName::new);
        select = Collections.unmodifiableMap(new TreeMap<>(select));
    }

    /** With everything but name and size as it comes. */
    public static ClusterSpec of(String name, int nodes) {
        return new ClusterSpec(
                new ClusterName(name),
                nodes,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Pattern.FULL,
                OnFailure.ROLLBACK);
    }

    public ClusterSpec withVerify(Pattern pattern) {
        return new ClusterSpec(name, nodes, vpc, vpcCidr, rdmaCidr, select, pattern, onFailure);
    }

    public ClusterSpec withOnFailure(OnFailure policy) {
        return new ClusterSpec(name, nodes, vpc, vpcCidr, rdmaCidr, select, verify, policy);
    }

    public ClusterSpec withCidrs(Optional<Cidr> ofVpc, Optional<Cidr> ofSegment) {
        return new ClusterSpec(name, nodes, vpc, ofVpc, ofSegment, select, verify, onFailure);
    }

    /** The name of its VPC. */
    public String vpcName() {
        return vpc.orElse(name.value());
    }
}
