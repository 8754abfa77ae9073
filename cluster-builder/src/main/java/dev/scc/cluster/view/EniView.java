package dev.scc.cluster.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.scc.cluster.Attachment;
import dev.scc.cluster.Plug;
import dev.scc.cluster.PlugStatus;
import dev.scc.cluster.trust.Principal;
import dev.scc.cluster.world.NodeEnis;
import dev.scc.cluster.world.World;
import dev.scc.host.Cidr6;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Ipv6;
import dev.scc.host.Later;
import dev.scc.host.Mac;
import dev.scc.host.NodeName;
import dev.scc.vpc.EniId;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.NamespaceFile;
import dev.scc.vpc.VpcName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One ENI.
 *
 * @param groups its security groups
 * @param place where its interface is: {@code node} is the node's own namespace, {@code netns} another on the node, {@code guest} a tap on it
 * @param namespace the file of that other; empty for the node's own
 * @param device name of the interface where it is
 * @param addresses of IPv4 and IPv6, the primary one first
 * @param prefix of the network of IPv4 that it reaches directly
 * @param prefix6 of that of IPv6; empty if its VPC has none
 * @param mtu of it, in bytes; 0 if that follows from its node
 * @param container whose it is, as its runtime knows it: id and interface; empty if it is no container's
 * @param trouble why it is not there; empty if it is, as far as its agent has said
 * @param phase {@code attaching}, {@code attached}, {@code detaching} or {@code moving}
 * @param owner such as {@code user:ada}; empty if that is not known
 */
public record EniView(
        EniId eni,
        String vpc,
        NodeName node,
        int slot,
        List<Ip> addresses,
        Mac mac,
        List<String> groups,
        String place,
        String namespace,
        String device,
        int prefix,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) @Later Optional<Integer> prefix6,
        int mtu,
        String container,
        String phase,
        String trouble,
        String owner)
        implements PoolView {
    public EniView {
        addresses = List.copyOf(addresses);
        groups = List.copyOf(groups);
    }

    /** One of its addresses as it is configured where the interface is: with the prefix of its network. */
    public String configured(Ip address) {
        return address + "/"
                + switch (address) {
                    case Ipv4 _ -> prefix;
                    case Ipv6 six -> prefix6.orElse(six.length());
                };
    }

    static EniView of(World world, NodeName node, Plug plug) {
        return new EniView(
                plug.eni(),
                plug.vpc().name(),
                node,
                plug.slot(),
                plug.addresses().all(),
                Mac.of(plug.address()),
                groups(world, plug),
                plug.ofGuest() ? "guest" : plug.place().isPresent() ? "netns" : "node",
                plug.namespace().map(NamespaceFile::path).orElse(""),
                plug.deviceThere(),
                plug.vpc().cidr().prefix(),
                plug.vpc().cidr6().map(Cidr6::prefix),
                plug.vpc().mtu().orElse(0),
                plug.attachment().map(Attachment::toString).orElse(""),
                phase(plug.phase()),
                Optional.ofNullable(world.enis().get(node))
                        .flatMap(NodeEnis::answer)
                        .flatMap(status -> status.homeless(plug.slot()).or(status::failed))
                        .map(PlugStatus.Fault::why)
                        .orElse(""),
                plug.owner().map(Principal::toString).orElse(""));
    }

    private static String phase(Plug.Phase phase) {
        return switch (phase) {
            case ATTACHING, ATTACHED, DETACHING -> phase.name().toLowerCase(Locale.ROOT);
            case LEAVING, AWAITED, ARRIVING -> "moving";
        };
    }

    private static List<String> groups(World world, Plug plug) {
        return Optional.ofNullable(world.vpcs().get(new VpcName(plug.vpc().name())))
                .map(vpc -> vpc.holdings().get(plug.eni().value()))
                .map(held ->
                        held.value().groups().stream().map(GroupName::value).toList())
                .orElse(List.of());
    }
}
