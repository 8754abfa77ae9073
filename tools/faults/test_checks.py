#!/usr/bin/python3 -B
"""The checks find what they are for: each is shown a tree that is well, and the same with one thing wrong."""

import copy
import unittest

import check
import history

FREE = {"is": "Free", "epoch": 3, "clean": 0}
SERVE = {"is": "Serve", "epoch": 3, "cluster": "c1", "revision": 2, "network": 70}
HEALTH = {"failures": 0, "last": "", "since": 0, "drained": False}


def member(number):
    return {"node": f"n{number}", "vpcAddress": f"172.16.0.{number}", "rdmaAddress": f"10.70.0.{number}"}


def tree():
    nodes = ("n1", "n2", "n3")
    return {
        "/scc": None,
        "/scc/epoch": 3,
        "/scc/pools": {"networks": {"70": {"cluster": "c1"}}},
        "/scc/clusters/c1": {
            "phase": "Ready", "revision": 2, "network": 70, "members": ["n1", "n2"], "refused": [],
            "spec": {"nodes": 2, "onFailure": "replace"}},
        "/scc/rosters/c1/1": {"members": [member(1)]},
        "/scc/rosters/c1/2": {"members": [member(1), member(2)]},
        "/scc/assign/n1": dict(SERVE), "/scc/assign/n2": dict(SERVE), "/scc/assign/n3": dict(FREE),
        **{f"/scc/nodes/{node}": {"cordon": None, "health": dict(HEALTH)} for node in nodes},
        **{f"/scc/nodes/{node}/alive": {} for node in nodes},
        **{f"/scc/status/{node}": {"state": {"is": "Reached", "revision": 2}} for node in nodes[:2]},
        "/scc/status/n3": {"state": {"is": "Clean"}},
        "/scc/requests/r1": {}, "/scc/requests/r1/outcome": {"is": "Done"},
        "/scc/events/000000000003-000000000000": event("cluster", "c1", "create c1, request r1", 1),
        "/scc/events/000000000003-000000000001": event("cluster", "c1", "was Creating: ready", 2)}


def event(kind, name, what, at):
    return {"kind": kind, "name": name, "what": what, "at": at, "epoch": 3}


def changed(path, **values):
    other = tree()
    other[path] = {**(other.get(path) or {}), **values}
    return other


class Moment(history.Moment):
    def __init__(self, entries, links=None):
        self.tree, self.nodes = entries, {}
        self.links = links or {}

    def made(self, node):
        return self.links.get(node, {"eni0": 7})


class Checks(unittest.TestCase):
    def bites(self, entries, words):
        self.assertTrue(any(words in bad for bad in check.tree_violations(entries)), check.tree_violations(entries))

    def test_a_tree_that_is_well(self):
        self.assertEqual(check.tree_violations(tree()), [])
        self.assertIs(check.settled(tree()), True)
        self.assertEqual(list(history.event_violations(tree())), [])
        self.assertEqual(list(history.violations(Moment(tree()), Moment(tree()), [], set())), [])

    def test_members_and_assignments_agree(self):
        self.bites(changed("/scc/assign/n2", **FREE), "but these serve")
        self.bites(changed("/scc/assign/n3", **SERVE), "but these serve")
        self.bites(changed("/scc/assign/n2", revision=1), "but these serve")
        self.bites(changed("/scc/assign/n2", cluster="c9"), "does not exist")
        self.bites(changed("/scc/assign/n2", epoch=4), "the tree's is 3")

    def test_clusters_rosters_and_networks_agree(self):
        self.bites(changed("/scc/rosters/c1/2", members=[member(1)]), "does not name its members")
        self.bites(changed("/scc/rosters/c9/1", members=[]), "rosters of c9")
        self.bites(changed("/scc/pools", networks={}), "not taken in the pools")
        self.bites(changed("/scc/pools", networks={"70": {"cluster": "c1"}, "71": {"cluster": "x"}}), "nobody has it")
        self.bites(changed("/scc/clusters/c1", spec={"nodes": 3, "onFailure": "replace"}), "Ready with 2 of 3")

    def test_what_is_at_rest(self):
        def rests(**values):
            return check.settled(changed("/scc/clusters/c1", **values)) is True
        wants_three = {"nodes": 3, "onFailure": "replace"}
        for phase in ("Scaling", "Repairing", "Creating", "Deleting", "Degraded"):
            self.assertFalse(rests(phase=phase), phase)
        self.assertFalse(rests(phase="Degraded", spec=wants_three), "n3 could fill it up")
        self.assertTrue(rests(phase="Degraded", spec=wants_three, refused=["n3"]), "nobody could fill it up")
        self.assertTrue(rests(phase="Degraded", spec={"nodes": 3, "onFailure": "rollback"}), "nobody may fill it up")
        self.assertIsNot(check.settled(changed("/scc/requests/r1/outcome", **{"is": "InProgress"})), True)

    def moved(self, after, commands=(), broken=(), before=None):
        return list(history.violations(before or Moment(tree()), after, list(commands), set(broken)))

    def test_members_that_stay_keep_their_addresses_and_links(self):
        other = Moment(changed("/scc/rosters/c1/2", members=[member(1), {**member(2), "vpcAddress": "172.16.0.9"}]))
        self.assertIn("its addresses changed", self.moved(other)[0])
        self.assertEqual(self.moved(other, broken=["n2"]), [])
        self.assertEqual(self.moved(other, commands=[["scale", "c1"], ["scale", "c1"]]), [])
        self.assertIn("made anew", self.moved(Moment(tree(), {"n1": {"eni0": 8}}))[0])

    def test_cordoned_nodes_get_no_cluster(self):
        before = tree()
        before["/scc/nodes/n3"]["cordon"] = "fan"
        after = copy.deepcopy(before)
        after["/scc/assign/n3"] = dict(SERVE)
        self.assertIn("was cordoned", self.moved(Moment(after), before=Moment(before))[0])
        given_back = [["node", "uncordon", "n3"]]
        self.assertEqual(self.moved(Moment(after), commands=given_back, before=Moment(before)), [])

    def test_events_tell_the_same_as_the_tree(self):
        def told(kind, name, what, at=3, key="000000000003-000000000002"):
            entries = tree()
            entries[f"/scc/events/{key}"] = event(kind, name, what, at)
            return list(history.event_violations(entries))
        self.assertIn("is there, but", told("cluster", "c1", "was Deleting: gone")[0])
        self.assertIn("is not there, but", told("cluster", "c9", "was Creating: ready")[0])
        self.assertEqual(told("cluster", "c9", "create c9, request r2 refused: no room"), [])
        self.assertIn("taken up twice", told("cluster", "c1", "create c1, request r1")[0])
        self.assertIn("older than", told("node", "n1", "is back", at=1)[0])
        self.assertIn("bears epoch", told("node", "n1", "is back", key="000000000004-000000000000")[0])

    def node(self):
        """n1 as a member of c1 has to be."""
        node = object.__new__(check.Node)
        up = {"ifalias": "scc:c1", "flags": ["UP"], "ifindex": 7}
        vxlan = {"info_data": {"id": 70, "local": "10.0.0.1", "port": 4789, "learning": False}}
        node.links = {"eth0": {}, "vpc70": {**up, "linkinfo": vxlan}, "eni0": dict(up)}
        node.addresses = {"eni0": ["172.16.0.1/24"]}
        node.fdb = [{"ifname": "vpc70", "dst": "10.0.0.2", "mac": "x"}, {"ifname": "eth0", "mac": "y"}]
        node.neighbours = [{"dev": "eni0", "dst": "172.16.0.2", "state": ["PERMANENT"]}]
        node.tables = {"scc_vpc70", "other"}
        return node

    def test_nodes_bear_what_their_rosters_say_and_nothing_else(self):
        roster = {"cluster": "c1", "vpc": {"vni": 70, "cidr": "172.16.0.0/24"},
                  "members": [{**member(1), "underlay": "10.0.0.1"}, {**member(2), "underlay": "10.0.0.2"}]}

        def found(change):
            node = self.node()
            change(node)
            return " ".join(check.differences("n1", node, roster))
        self.assertEqual(found(lambda node: None), "")
        self.assertIn("which is not what", found(lambda node: node.tables.clear()))
        self.assertIn("which is not what", found(lambda node: node.links.update(old={"ifalias": "scc:c0"})))
        self.assertIn("is down", found(lambda node: node.links["eni0"].update(flags=[])))
        self.assertIn("bears the mark", found(lambda node: node.links["eni0"].update(ifalias="scc:c2")))
        self.assertIn("eni0 has", found(lambda node: node.addresses.update(eni0=["172.16.0.9/24"])))
        self.assertIn("frames go to", found(lambda node: node.fdb.clear()))
        self.assertIn("neighbours are", found(lambda node: node.neighbours.clear()))
        free = changed("/scc/assign/n1", **FREE)
        bad = check.node_violations({"/scc/assign/n1": free["/scc/assign/n1"]}, {"n1": self.node()})
        self.assertIn("is free but has", bad[0])

    def test_rosters_are_read_member_by_member(self):
        run = {"count": 3, "node": "n09", "underlay": "10.0.0.254", "vpcAddress": "172.16.0.1", "rdmaAddress": "10.70.0.1"}
        roster = check.whole("/scc/rosters/c1/1", {"cluster": "c1", "members": [run, {**run, "count": 1, "node": "gate"}]})
        self.assertEqual([one["node"] for one in roster["members"]], ["n09", "n10", "n11", "gate"])
        self.assertEqual([one["underlay"] for one in roster["members"]],
                         ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.0.254"])
        self.assertEqual(roster["members"][2]["rdmaAddress"], "10.70.0.3")
        self.assertEqual(check.whole("/scc/rosters/c1/1", {}), {})
        self.assertEqual(check.whole("/scc/rosters", None), None)


if __name__ == "__main__":
    unittest.main()
