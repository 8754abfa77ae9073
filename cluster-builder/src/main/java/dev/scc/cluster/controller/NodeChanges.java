package dev.scc.cluster.controller;

import dev.scc.cluster.Health;
import dev.scc.cluster.NodeRecord;
import dev.scc.cluster.Request;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a client may change of a node's enrolment. Pure. */
final class NodeChanges {
    private NodeChanges() {}

    static NodeRecord cordoned(NodeRecord node, String why) {
        return node.withCordon(Optional.of(why));
    }

    static NodeRecord uncordoned(NodeRecord node) {
        return node.withCordon(Optional.empty()).withHealth(Health.good());
    }

    static NodeRecord labelled(NodeRecord node, Request.Label label) {
        Map<String, String> labels = new TreeMap<>(node.labels());
        labels.keySet().removeAll(label.remove());
        labels.putAll(label.set());
        return node.withLabels(labels);
    }
}
