package dev.scc.cluster.cni;

import dev.scc.cluster.Plug;
import dev.scc.host.Ip;
import dev.scc.host.Ipv4;
import dev.scc.host.Json;
import dev.scc.host.Mac;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a runtime is told of an interface that is there, in the form of the version that it asks for. */
final class CniResult {
    private CniResult() {}

    static String of(Plug plug, String version) {
        Map<String, Object> device = new LinkedHashMap<>();
        device.put("name", plug.deviceThere());
        device.put("mac", Mac.of(plug.address()).value());
        plug.namespace().ifPresent(file -> device.put("sandbox", file.path()));
        List<Object> ips = new ArrayList<>();
        for (Ip ip : plug.addresses().all()) {
            Map<String, Object> address = new LinkedHashMap<>();
            if (version.startsWith("0.")) {
                address.put("version", ip instanceof Ipv4 ? "4" : "6");
            }
            address.put("address", ip + "/" + plug.vpc().prefixOf(ip));
            address.put("interface", 0);
            ips.add(address);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("cniVersion", version);
        result.put("interfaces", List.of(device));
        result.put("ips", ips);
        result.put("dns", Map.of());
        return Json.write(result);
    }
}
