package dev.scc.cli.render;

import dev.scc.cluster.view.EniView;
import dev.scc.cluster.view.GroupView;
import dev.scc.cluster.view.ReachView;
import dev.scc.cluster.view.RequestForecast;
import dev.scc.cluster.view.VpcList;
import dev.scc.cluster.view.VpcView;
import dev.scc.host.Ip;
import dev.scc.vpc.NamespaceFile;
import java.util.List;
import java.util.stream.Collectors;

/** Answers about VPCs, for people. */
final class VpcTables {
    private VpcTables() {}

    static String list(VpcList list) {
        Table table = new Table("VPC", "VNI", "CIDR", "ENCRYPTED", "OWNER", "IN IT");
        list.vpcs()
                .forEach(row -> table.row(
                        row.vpc(),
                        row.vni(),
                        row.cidr() + row.cidr6().map(six -> " " + six).orElse(""),
                        row.encrypted() ? "yes" : "no",
                        row.owner(),
                        String.join(", ", row.users())));
        return table.toString();
    }

    static String of(VpcView vpc) {
        StringBuilder text = new StringBuilder("VPC " + vpc.vpc() + ", VNI " + vpc.vni() + ", " + vpc.cidr()
                + vpc.cidr6().map(six -> ", " + six).orElse("")
                + vpc.mtu().map(mtu -> ", MTU " + mtu).orElse("")
                + (vpc.owner().isEmpty() ? "" : ", of " + vpc.owner())
                + (vpc.own() ? ", goes with its cluster" : "")
                + (vpc.containers() ? ", open to containers of nodes" : "") + "\n"
                + (vpc.encrypted()
                        ? "encrypted between nodes, by keys that only they have\n"
                        : "not encrypted: whoever else is on the underlay can read it, and send in a member's place"
                                + " (scc vpc create --encrypt)\n"));
        if (vpc.members().isEmpty()) {
            return text.append("nobody is in it\n").toString();
        }
        Table table = new Table("WHO", "NODE", "ADDRESS");
        vpc.members().forEach(place -> table.row(place.who(), place.node(), place.address()));
        return text.append('\n').append(table).toString();
    }

    static String enis(List<EniView> enis) {
        Table table = new Table("ENI", "VPC", "NODE", "SLOT", "PLACE", "ADDRESS", "MAC", "GROUPS", "PHASE", "OWNER");
        enis.forEach(eni -> table.row(
                eni.eni(),
                eni.vpc(),
                eni.node(),
                eni.slot(),
                place(eni),
                eni.addresses().stream().map(Ip::toString).collect(Collectors.joining(" ")),
                eni.mac(),
                String.join(",", eni.groups()),
                eni.phase() + (eni.trouble().isEmpty() ? "" : ", not there"),
                eni.owner()));
        StringBuilder text = new StringBuilder(table.toString());
        enis.stream()
                .filter(eni -> !eni.trouble().isEmpty())
                .forEach(eni -> text.append(eni.eni())
                        .append(" is not there: ")
                        .append(eni.trouble())
                        .append('\n'));
        return text.toString();
    }

    static String of(EniView eni) {
        return enis(List.of(eni)) + (eni.place().equals("guest") ? qemu(eni) : "");
    }

    /** What a virtual machine on its node is started with. */
    private static String qemu(EniView eni) {
        return "\nfor a guest on " + eni.node() + ": qemu-system-x86_64 ... -netdev tap,id=" + eni.device() + ",ifname="
                + eni.device() + ",script=no,downscript=no -device virtio-net-pci,netdev=" + eni.device() + ",mac="
                + eni.mac() + (eni.mtu() == 0 ? "" : ",host_mtu=" + eni.mtu()) + "\nin it: "
                + (eni.addresses().size() == 1 ? "the address " : "the addresses ")
                + eni.addresses().stream().map(eni::configured).collect(Collectors.joining(" ")) + "\n";
    }

    private static String place(EniView eni) {
        if (!eni.container().isEmpty()) {
            return "container " + eni.container();
        }
        return eni.namespace().isEmpty() ? eni.place() : new NamespaceFile(eni.namespace()).words();
    }

    static String groups(List<GroupView> groups) {
        Table table = new Table("GROUP", "VPC", "RULES", "OWNER", "ENIS");
        groups.forEach(group -> table.row(
                group.group(), group.vpc(), group.rules().size(), group.owner(), String.join(" ", group.enis())));
        return table.toString();
    }

    static String of(GroupView group) {
        StringBuilder text = new StringBuilder("security group " + group.group() + " of VPC " + group.vpc()
                + (group.owner().isEmpty() ? "" : ", of " + group.owner()) + "\n");
        text.append(group.enis().isEmpty() ? "no ENI is" : "in it " + String.join(", ", group.enis()))
                .append(group.enis().isEmpty() ? " in it\n" : "\n");
        if (group.rules().isEmpty()) {
            return text.append("no rules: nothing passes\n").toString();
        }
        Table table = new Table("RULE", "DIRECTION", "WHAT", "WITH");
        group.rules().forEach(rule -> table.row(rule.rule(), rule.direction(), rule.traffic(), rule.peer()));
        return text.append('\n').append(table).toString();
    }

    static String of(ReachView reach) {
        Table table = new Table("DECIDED", "RULE", "OF GROUP", "OWNER");
        table.row(
                reach.direction(),
                reach.rule().isEmpty() ? "" : reach.number() + ": " + reach.rule(),
                reach.group(),
                reach.owner());
        return (reach.allowed() ? "allowed: " : "dropped: ") + reach.what() + " from " + reach.from() + " to "
                + reach.to() + (reach.vpc().isEmpty() ? "" : ", VPC " + reach.vpc()) + "\n" + reach.why() + "\n\n"
                + table;
    }

    static String forecast(RequestForecast forecast) {
        if (!forecast.refused().isEmpty()) {
            return forecast.request() + " would be refused: " + forecast.refused() + "\n";
        }
        StringBuilder text = new StringBuilder(forecast.request() + " would be one transaction\n");
        forecast.changes().forEach(change -> text.append("  ").append(change).append('\n'));
        return text.toString();
    }
}
