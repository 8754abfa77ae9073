"""What must hold from one moment to another: of members that stay, of nodes that are kept out, of events."""

import re

import check


class Moment:
    """The tree and all nodes at about one time, while nothing is under way."""

    def __init__(self, tree, namespaces):
        self.tree = tree
        self.nodes = {node: check.Node(namespace) for node, namespace in namespaces.items()}

    def addresses(self, name):
        """Of each member of a cluster: its own on both networks."""
        cluster = check.under(self.tree, "/scc/clusters")[name]
        roster = self.tree[f"/scc/rosters/{name}/{cluster['revision']}"]
        return {member["node"]: (member["vpcAddress"], member["rdmaAddress"]) for member in roster["members"]}

    def made(self, node):
        """The links of ours, with the numbers that the kernel gave them: one that was made anew has another."""
        links = self.nodes[node].links
        return {name: links[name]["ifindex"] for name in self.nodes[node].ours() if name in links}


def violations(before, after, commands, broken):
    """What changed between two moments and should not have.

    commands were given in between; broken are the nodes whose agents were killed or stopped.
    """
    yield from stayed(before, after, commands, broken)
    given = {words[2] for words in commands if words[:2] == ["node", "uncordon"]}
    for node, record in check.under(before.tree, "/scc/nodes").items():
        was, now = (moment.tree[f"/scc/assign/{node}"] for moment in (before, after))
        if record["cordon"] and node not in given and was["is"] == "Free" and now["is"] != "Free":
            yield f"{node} was cordoned and free, and is now {now}"


def stayed(before, after, commands, broken):
    """Members that stay keep their addresses and their links, in whatever revision."""
    resized = [words[1] for words in commands if words[0] == "scale"]
    clusters = check.under(after.tree, "/scc/clusters")
    for name, cluster in check.under(before.tree, "/scc/clusters").items():
        if name not in clusters or clusters[name]["phase"] in check.ON_THE_WAY_OUT or resized.count(name) > 1:
            continue  # who leaves and joins again has not stayed
        was, now = before.addresses(name), after.addresses(name)
        for node in was.keys() & now.keys():
            if node in broken:
                continue
            if was[node] != now[node]:
                yield f"{node} stayed in {name}, and its addresses changed from {was[node]} to {now[node]}"
            if before.made(node) != after.made(node):
                yield f"{node} stayed in {name}, and its links were made anew: {before.made(node)} {after.made(node)}"


def event_violations(tree):
    """The journal tells the same as the tree."""
    events = sorted(check.under(tree, "/scc/events").items())
    clusters = check.under(tree, "/scc/clusters")
    last, accepted, at = {}, set(), 0
    for key, event in events:
        if int(key.partition("-")[0]) != event["epoch"] or event["epoch"] > tree["/scc/epoch"]:
            yield f"event {key} bears epoch {event['epoch']}, the tree's is {tree['/scc/epoch']}"
        if event["at"] < at:
            yield f"event {key} is older than the one before it"
        at = event["at"]
        if event["kind"].lower() != "cluster" or re.match(r"\S+ \S+, request \S+ refused: ", event["what"]):
            continue
        last[event["name"]] = event["what"]
        if ", request " in event["what"]:
            if event["what"] in accepted:
                yield f"a request was taken up twice: {event['what']}"
            accepted.add(event["what"])
    for name, what in last.items():
        gone = re.match(r"was (Deleting|RollingBack): gone", what) is not None
        if gone == (name in clusters):
            yield f"{name} is {'there' if name in clusters else 'not there'}, but the last event says: {what}"
