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
 * @param arrange how its nodes lie in the pool; if empty, the first ones by name
 * @param verify which pairs must have exchanged RDMA traffic before the cluster is ready
 */
public record ClusterSpec(
        ClusterName name,
        int nodes,
        Optional<String> vpc,
        Optional<Cidr> vpcCidr,
        Optional<Cidr> rdmaCidr,
        Map<String, String> select,
        Optional<Arrange> arrange,
        Pattern verify,
        OnFailure onFailure) {
    /** What one transaction can carry, with names as long as they may be. */
    public static final int MOST_NODES = 10_000;

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
                Optional.empty(),
                Pattern.FULL,
                OnFailure.ROLLBACK);
    }

    public ClusterSpec withNodes(int count) {
        return new ClusterSpec(name, count, vpc, vpcCidr, rdmaCidr, select, arrange, verify, onFailure);
    }

    public ClusterSpec withVerify(Pattern pattern) {
        return new ClusterSpec(name, nodes, vpc, vpcCidr, rdmaCidr, select, arrange, pattern, onFailure);
    }

    public ClusterSpec withOnFailure(OnFailure policy) {
        return new ClusterSpec(name, nodes, vpc, vpcCidr, rdmaCidr, select, arrange, verify, policy);
    }

    public ClusterSpec withCidrs(Optional<Cidr> ofVpc, Optional<Cidr> ofSegment) {
        return new ClusterSpec(name, nodes, vpc, ofVpc, ofSegment, select, arrange, verify, onFailure);
    }

    public ClusterSpec withVpc(String named) {
        return new ClusterSpec(name, nodes, Optional.of(named), vpcCidr, rdmaCidr, select, arrange, verify, onFailure);
    }

    public ClusterSpec withArrange(Arrange.How how, String label) {
        return new ClusterSpec(
                name, nodes, vpc, vpcCidr, rdmaCidr, select, Optional.of(new Arrange(how, label)), verify, onFailure);
    }

    public ClusterSpec withSelect(Map<String, String> labels) {
        return new ClusterSpec(name, nodes, vpc, vpcCidr, rdmaCidr, labels, arrange, verify, onFailure);
    }

    /** The name of its VPC. */
    public String vpcName() {
        return vpc.orElse(name.value());
    }
}
