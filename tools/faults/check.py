"""Whether what servers and agents made is consistent, by looks of our own: the ZooKeeper tree through kazoo, the nodes
through ip, bridge and nft. Nothing here knows scc's code; it knows the promises of docs/architecture.md."""

import ipaddress
import json
import re

from kazoo.client import KazooClient
from kazoo.exceptions import NoNodeError
from kazoo.security import make_acl

from lab import sh

OVERLAY_PORT = 4789
ON_THE_WAY_OUT = ("RollingBack", "Deleting")


class Tree:
    """A plain reader of everything below /scc, read from a server that has caught up with its leader."""

    def __init__(self, lab):
        """Shows itself as a server: nobody else reads everything."""
        key, certificate = lab.credentials("check")
        self.client = KazooClient(
            hosts=lab.hosts, timeout=4.0, use_ssl=True, keyfile=key, certfile=certificate, verify_certs=False)

    def __enter__(self):
        self.client.start(timeout=60)
        return self

    def __exit__(self, kind, error, trace):
        self.client.stop()
        self.client.close()

    def read(self):
        self.client.sync("/scc")
        return {path: whole(path, json.loads(text or "null")) for path, text in self._below("/scc")}

    def litter(self, cluster):
        """Writes a roster of a cluster that does not exist."""
        access = [make_acl("scc", "table", all=True)]
        self.client.ensure_path(f"/scc/rosters/{cluster}", acl=access)
        self.client.create(f"/scc/rosters/{cluster}/1", b"{}", acl=access)

    def _below(self, path):
        try:
            text, _ = self.client.get(path)
            names = self.client.get_children(path)
        except NoNodeError:
            return
        yield path, text.decode()
        for name in names:
            yield from self._below(path + "/" + name)


def whole(path, value):
    """What stands at a path; a roster with each of its members by itself."""
    if value and path.startswith("/scc/rosters/"):
        return {**value, "members": [one for run in value.get("members", []) for one in members(run)]}
    return value


def members(run):
    """A run of members, in whose names and addresses everything goes up by one."""
    name, digits = re.fullmatch(r"(.*?)([0-9]*)", run["node"]).groups()
    for place in range(run["count"]):
        one = {key: value for key, value in run.items() if key != "count"}
        if place > 0:
            one["node"] = name + str(int(digits) + place).zfill(len(digits))
            for key in ("underlay", "vpcAddress", "rdmaAddress"):
                one[key] = str(ipaddress.IPv4Address(run[key]) + place)
        yield one


def under(tree, folder):
    """Name -> content of the entries right below a folder."""
    return {path.rpartition("/")[2]: value for path, value in tree.items() if path.rpartition("/")[0] == folder}


def tree_violations(tree):
    """What must hold at every instant, whatever is under way: P1 and P3."""
    bad = []
    clusters = under(tree, "/scc/clusters")
    networks = (tree.get("/scc/pools") or {"networks": {}})["networks"]
    epoch = tree.get("/scc/epoch")
    served = {}
    for node, assignment in under(tree, "/scc/assign").items():
        if assignment["epoch"] > epoch:
            bad.append(f"assignment of {node} has epoch {assignment['epoch']}, the tree's is {epoch}")
        if assignment["is"] == "Serve":
            served.setdefault(assignment["cluster"], {})[node] = assignment["revision"]
            if assignment["cluster"] not in clusters:
                bad.append(f"{node} serves {assignment['cluster']}, which does not exist")
            if f"/scc/rosters/{assignment['cluster']}/{assignment['revision']}" not in tree:
                bad.append(f"{node} serves revision {assignment['revision']} of {assignment['cluster']}: no such roster")
    for name, cluster in clusters.items():
        members = set(cluster["members"])
        if cluster["phase"] not in ON_THE_WAY_OUT:
            if served.get(name, {}) != {member: cluster["revision"] for member in members}:
                bad.append(f"{name} is {cluster['phase']} in revision {cluster['revision']} with members {sorted(members)},"
                           f" but these serve: {served.get(name)}")
            roster = tree.get(f"/scc/rosters/{name}/{cluster['revision']}")
            if roster is None or {member["node"] for member in roster["members"]} != members:
                bad.append(f"the roster of {name} does not name its members: {roster}")
        if cluster["phase"] == "Ready" and len(members) != cluster["spec"]["nodes"]:
            bad.append(f"{name} is Ready with {len(members)} of {cluster['spec']['nodes']} nodes")
        if networks.get(str(cluster["network"]), {}).get("cluster") != name:
            bad.append(f"network {cluster['network']} of {name} is not taken in the pools")
    numbers = [cluster["network"] for cluster in clusters.values()]
    if len(numbers) != len(set(numbers)):
        bad.append(f"clusters share a network: {numbers}")
    for name, revisions in rosters(tree).items():
        if name not in clusters:
            bad.append(f"there are rosters of {name}, which does not exist: {revisions}")
    for number, taken in networks.items():
        if not any(str(cluster["network"]) == number for cluster in clusters.values()) and not any(
                str(assignment.get("network")) == number for assignment in under(tree, "/scc/assign").values()):
            bad.append(f"network {number} is taken by {taken['cluster']}, and nobody has it")
    return bad


def rosters(tree):
    """Cluster -> the revisions that there are rosters of."""
    found = {}
    for path in tree:
        match = re.fullmatch(r"/scc/rosters/([^/]+)/([0-9]+)", path)
        if match:
            found.setdefault(match[1], []).append(int(match[2]))
    return found


def suitable(tree, cluster):
    """How many nodes could become members of a cluster now."""
    count = 0
    for node, record in under(tree, "/scc/nodes").items():
        status = tree.get(f"/scc/status/{node}") or {}
        count += (tree[f"/scc/assign/{node}"]["is"] == "Free" and f"/scc/nodes/{node}/alive" in tree
                  and status.get("state", {}).get("is") == "Clean" and not record["cordon"]
                  and not record["health"]["drained"] and node not in cluster["refused"])
    return count


def at_rest(tree, cluster):
    """Nothing happens to this cluster unless somebody asks for it, or another node becomes free."""
    if cluster["phase"] in ("Ready", "Failed"):
        return True
    missing = cluster["spec"]["nodes"] - len(cluster["members"])
    repairs = cluster["spec"]["onFailure"].lower() == "replace"
    # All agents are there. One that has all its members comes back; one that lacks some is filled up if it may be.
    return cluster["phase"] == "Degraded" and missing > 0 and not (repairs and suitable(tree, cluster) >= missing)


def settled(tree):
    """Nothing is under way any more: true, or what is."""
    for name, cluster in under(tree, "/scc/clusters").items():
        if not at_rest(tree, cluster):
            return f"{name} is {cluster['phase']}"
    for node, assignment in under(tree, "/scc/assign").items():
        if assignment["is"] == "Leave":
            return f"{node} is leaving {assignment['cluster']}"
        if f"/scc/nodes/{node}/alive" not in tree:
            return f"the agent of {node} is away"
        state = (tree.get(f"/scc/status/{node}") or {}).get("state", {})
        if assignment["is"] == "Serve" and (
                state.get("is") != "Reached" or state.get("revision") != assignment["revision"]):
            return f"{node} has not reached {assignment['cluster']}"
    for path, value in tree.items():
        if re.fullmatch(r"/scc/requests/[^/]+", path):
            outcome = tree.get(path + "/outcome")
            if outcome is None or outcome["is"] == "InProgress":
                return f"request {path.rpartition('/')[2]} has no final outcome"
    return True


class Node:
    """What a namespace really has."""

    def __init__(self, namespace):
        self.links = {link["ifname"]: link for link in json.loads(sh("ip", "-n", namespace, "-d", "-j", "link"))}
        self.addresses = {
            link["ifname"]: [f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"] if a["family"] == "inet"]
            for link in json.loads(sh("ip", "-n", namespace, "-j", "addr"))}
        self.fdb = json.loads(sh("bridge", "-n", namespace, "-j", "fdb") or "[]")
        self.neighbours = json.loads(sh("ip", "-n", namespace, "-j", "neigh") or "[]")
        nft = json.loads(sh("nsenter", f"--net=/run/netns/{namespace}", "nft", "-j", "list", "tables"))
        self.tables = {item["table"]["name"] for item in nft["nftables"] if "table" in item}

    def fingerprint(self):
        """All that scc could have changed, as a set of lines."""
        return {
            *(f"link {name} {link.get('ifalias')} {link['operstate']}" for name, link in self.links.items()),
            *(f"address {name} {address}" for name, some in self.addresses.items() for address in some),
            *(f"fdb {e['mac']} {e.get('ifname')} {e['dst']}" for e in self.fdb if "dst" in e),
            *(f"neighbour {e['dst']} {e['dev']}" for e in self.neighbours if "PERMANENT" in e["state"]),
            *(f"table {table}" for table in self.tables)}

    def ours(self):
        links = {name for name, link in self.links.items() if str(link.get("ifalias", "")).startswith("scc:")}
        return links | {table for table in self.tables if table.startswith("scc_")}


def node_violations(tree, nodes):
    """What must hold on the nodes once nothing is under way: P1 by the node's own networks, P5, P6."""
    bad = []
    for node, assignment in under(tree, "/scc/assign").items():
        has = nodes[node]
        if assignment["is"] != "Serve":
            if has.ours():
                bad.append(f"{node} is free but has {sorted(has.ours())}")
            continue
        roster = tree[f"/scc/rosters/{assignment['cluster']}/{assignment['revision']}"]
        bad += [f"{node}: {what}" for what in differences(node, has, roster)]
    return bad


def differences(node, has, roster):
    vni, prefix = roster["vpc"]["vni"], roster["vpc"]["cidr"].rpartition("/")[2]
    me = next(member for member in roster["members"] if member["node"] == node)
    others = [member for member in roster["members"] if member["node"] != node]
    overlay = f"vpc{vni}"
    if has.ours() != {overlay, "eni0", f"scc_{overlay}"}:
        yield f"has {sorted(has.ours())}, which is not what cluster {roster['cluster']} is made of"
        return
    vxlan = has.links[overlay]["linkinfo"]["info_data"]
    if (vxlan["id"], vxlan["local"], vxlan["port"]) != (vni, me["underlay"], OVERLAY_PORT):
        yield f"{overlay} is {vxlan}"
    if vxlan.get("learning", False):
        yield f"{overlay} learns addresses"
    for name in (overlay, "eni0"):
        if "UP" not in has.links[name]["flags"]:
            yield f"{name} is down"
        if has.links[name].get("ifalias") != f"scc:{roster['cluster']}":
            yield f"{name} bears the mark {has.links[name].get('ifalias')}"
    if has.addresses["eni0"] != [f"{me['vpcAddress']}/{prefix}"]:
        yield f"eni0 has {has.addresses['eni0']}"
    towards = {entry["dst"] for entry in has.fdb if entry.get("ifname") == overlay and "dst" in entry}
    if towards != {member["underlay"] for member in others}:
        yield f"frames go to {sorted(towards)}"
    known = {entry["dst"] for entry in has.neighbours if entry.get("dev") == "eni0" and "PERMANENT" in entry["state"]}
    if known != {member["vpcAddress"] for member in others}:
        yield f"neighbours are {sorted(known)}"
