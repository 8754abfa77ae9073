"""What a user may ask for and what may break, drawn at random from what is there."""

import check

VERBS = [("create", 9), ("delete", 4), ("scale", 5), ("cordon", 2), ("uncordon", 2)]


def commands(chance, tree, names):
    """One or two commands, of which the second starts while the first is under way."""
    return [command(chance, tree, names) for _ in range(chance.randint(1, 2))]


def command(chance, tree, names):
    clusters = sorted(check.under(tree, "/scc/clusters"))
    cordoned = sorted(node for node, record in check.under(tree, "/scc/nodes").items() if record["cordon"])
    verb = chance.choices([verb for verb, _ in VERBS], [weight for _, weight in VERBS])[0]
    if verb == "delete" and clusters:
        return ["delete", chance.choice(clusters)]
    if verb == "scale" and clusters:
        return ["scale", chance.choice(clusters), "--nodes", str(chance.randint(1, max(1, len(names) * 2 // 3)))]
    if verb == "cordon" and len(cordoned) < 2:
        return ["node", "cordon", chance.choice(names), "--reason", "a fault run wants it so"]
    if verb == "uncordon" and cordoned:
        return ["node", "uncordon", chance.choice(cordoned)]
    nodes = chance.randint(1, max(1, len(names) // 2))
    policy = ["--on-failure", "replace"] if chance.random() < 0.5 else []
    return ["create", f"c{chance.randrange(10 ** 6)}", "--nodes", str(nodes), "--verify", "off", *policy]


def victims(chance, lab):
    """Servers, agents or both; of an ensemble sometimes the majority."""
    some = []
    if chance.random() < (0.6 if len(lab.servers) > 1 else 0.4):
        majority = len(lab.servers) // 2 + 1
        if len(lab.servers) > 1 and chance.random() < 0.15:
            some += chance.sample(lab.servers, majority)
        else:
            leading = chance.random() < 0.5  # ZooKeeper's leader is one of three, and worth more than a third
            leader = [server for server in lab.servers if server.role() == "leader"]
            some.append(leader[0] if leading and leader else chance.choice(lab.servers))
    if not some or chance.random() < 0.5:
        some += chance.sample(list(lab.agents.values()), chance.randint(1, 2))
    return some


def title(lab, tree, victim):
    """Of whom there is something to break, told apart by what it is to the others now."""
    if victim not in lab.servers:
        return "an agent"
    if len(lab.servers) == 1:
        return "the server"
    leads = (tree.get("/scc/leader") or {}).get("server") == victim.instance()
    role = {"leader": "ZooKeeper's leader", "follower": "a follower"}.get(victim.role(), "a member without a role")
    return f"{role}{' that leads as controller' if leads else ''}"
