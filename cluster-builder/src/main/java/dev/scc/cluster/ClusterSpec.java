package dev.scc.cluster;

import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.trust.Role;
import dev.scc.fabric.verify.Pattern;
import dev.scc.host.Cidr;
import dev.scc.host.Later;
import java.util.Collections;
import java.util.List;
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
 * @param users names of people, beside its owner, whose it is too
 * @param unchecked whether it takes nodes on which the doctor's rules have found an error, too
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
        OnFailure onFailure,
        @Later List<String> users,
        @Later boolean unchecked) {
    /** What one transaction can carry, with names as long as they may be. */
    public static final int MOST_NODES = 10_000;

    public ClusterSpec {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new IllegalArgumentException("nodes: " + nodes + " is not within 1 to " + MOST_NODES);
        }
        vpc.ifPresent(ClusterName::new);
        select = Collections.unmodifiableMap(new TreeMap<>(select));
        users = users.stream().sorted().distinct().toList();
        users.forEach(user -> new Principal(Role.USER, user));
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
                OnFailure.ROLLBACK,
                List.of(),
                false);
    }

    public ClusterSpec withNodes(int count) {
        return new ClusterSpec(
                name, count, vpc, vpcCidr, rdmaCidr, select, arrange, verify, onFailure, users, unchecked);
    }

    public ClusterSpec withVerify(Pattern pattern) {
        return new ClusterSpec(
                name, nodes, vpc, vpcCidr, rdmaCidr, select, arrange, pattern, onFailure, users, unchecked);
    }

    public ClusterSpec withOnFailure(OnFailure policy) {
        return new ClusterSpec(name, nodes, vpc, vpcCidr, rdmaCidr, select, arrange, verify, policy, users, unchecked);
    }

    public ClusterSpec withCidrs(Optional<Cidr> ofVpc, Optional<Cidr> ofSegment) {
        return new ClusterSpec(
                name, nodes, vpc, ofVpc, ofSegment, select, arrange, verify, onFailure, users, unchecked);
    }

    public ClusterSpec withVpc(String named) {
        return new ClusterSpec(
                name,
                nodes,
                Optional.of(named),
                vpcCidr,
                rdmaCidr,
                select,
                arrange,
                verify,
                onFailure,
                users,
                unchecked);
    }

    public ClusterSpec withArrange(Arrange.How how, String label) {
        return new ClusterSpec(
                name,
                nodes,
                vpc,
                vpcCidr,
                rdmaCidr,
                select,
                Optional.of(new Arrange(how, label)),
                verify,
                onFailure,
                users,
                unchecked);
    }

    public ClusterSpec withSelect(Map<String, String> labels) {
        return new ClusterSpec(
                name, nodes, vpc, vpcCidr, rdmaCidr, labels, arrange, verify, onFailure, users, unchecked);
    }

    public ClusterSpec withUsers(List<String> names) {
        return new ClusterSpec(
                name, nodes, vpc, vpcCidr, rdmaCidr, select, arrange, verify, onFailure, names, unchecked);
    }

    /** The same, on whatever nodes. */
    public ClusterSpec withoutPreflight() {
        return new ClusterSpec(name, nodes, vpc, vpcCidr, rdmaCidr, select, arrange, verify, onFailure, users, true);
    }

    /** The name of its VPC. */
    public String vpcName() {
        return vpc.orElse(name.value());
    }
}
