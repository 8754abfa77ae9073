package dev.scc.cluster.cni;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.scc.cluster.cni.CniFailed.Code;
import dev.scc.host.Ip;
import dev.scc.host.Json;
import dev.scc.host.Later;
import dev.scc.vpc.GroupName;
import dev.scc.vpc.VpcName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A network's configuration, as far as it concerns us; other keys are others'.
 *
 * @param cniVersion of the specification that the answer has to follow
 * @param name of the network
 * @param vpc that containers are put into
 * @param groups their security groups
 * @param runtimeConfig what the runtime fills in where the configuration names the capability
 * @param valid what the runtime has, for GC
 */
record CniConfig(
        @Later Optional<String> cniVersion,
        @Later Optional<String> name,
        @Later Optional<String> vpc,
        @Later List<String> groups,
        @Later Optional<RuntimeConfig> runtimeConfig,
        @JsonProperty("cni.dev/valid-attachments") @Later Optional<List<Valid>> valid) {
    /** Where a configuration says none. */
    static final String OLDEST = "0.3.0";

    private static final Set<String> SUPPORTED = Set.of(OLDEST, "0.3.1", "0.4.0", "1.0.0", "1.1.0");

    CniConfig {
        groups = List.copyOf(groups);
    }

    /** @param ips addresses, of IPv4 and IPv6, with or without a prefix */
    record RuntimeConfig(@Later List<String> ips) {
        RuntimeConfig {
            ips = List.copyOf(ips);
        }
    }

    /** An attachment that the runtime has. */
    record Valid(@JsonProperty("containerID") String containerId, String ifname) {}

    static CniConfig read(String text) throws CniFailed {
        CniConfig config;
        try {
            config = Json.read(text, CniConfig.class);
        } catch (IllegalArgumentException e) {
            throw new CniFailed(Code.UNREADABLE, "the network's configuration cannot be read: " + e.getMessage());
        }
        if (!SUPPORTED.contains(config.version())) {
            throw new CniFailed(
                    Code.UNKNOWN_VERSION,
                    "cniVersion " + config.version() + " is none of " + String.join(", ", List.copyOf(SUPPORTED)));
        }
        return config;
    }

    String version() {
        return cniVersion.orElse(OLDEST);
    }

    String network() throws CniFailed {
        return name.orElseThrow(
                () -> new CniFailed(Code.BAD_CONFIGURATION, "the network's configuration has no \"name\""));
    }

    VpcName vpcName() throws CniFailed {
        String given = vpc.orElseThrow(() -> new CniFailed(
                Code.BAD_CONFIGURATION,
                "the network's configuration has no \"vpc\": the name of one that was made with"
                        + " scc vpc create NAME --containers"));
        try {
            return new VpcName(given);
        } catch (IllegalArgumentException e) {
            throw new CniFailed(Code.BAD_CONFIGURATION, "vpc: " + e.getMessage());
        }
    }

    List<GroupName> groupNames() throws CniFailed {
        List<GroupName> names = new ArrayList<>();
        for (String group : groups) {
            try {
                names.add(new GroupName(group));
            } catch (IllegalArgumentException e) {
                throw new CniFailed(Code.BAD_CONFIGURATION, "groups: " + e.getMessage());
            }
        }
        return names;
    }

    /** The addresses that are asked for; none for any. */
    List<Ip> addresses(CniCall call) throws CniFailed {
        List<String> wanted = runtimeConfig
                .map(RuntimeConfig::ips)
                .filter(ips -> !ips.isEmpty())
                .orElseGet(() ->
                        call.address().map(text -> List.of(text.split(","))).orElse(List.of()));
        List<Ip> addresses = new ArrayList<>();
        for (String text : wanted) {
            try {
                addresses.add(Ip.parse(text.replaceFirst("/[0-9]+$", "")));
            } catch (IllegalArgumentException e) {
                throw new CniFailed(Code.BAD_CONFIGURATION, "the address that is asked for: " + e.getMessage());
            }
        }
        return addresses;
    }
}
