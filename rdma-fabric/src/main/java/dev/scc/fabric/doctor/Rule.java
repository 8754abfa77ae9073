package dev.scc.fabric.doctor;

import dev.scc.fabric.doctor.Finding.Severity;
import java.util.List;

/**
 * One way in which a node may be misconfigured.
 *
 * @param name stable, for programs
 * @param check pure; empty where all is well, or nothing is known
 */
record Rule(String name, Severity severity, Check check) {

    /** What is looked at. */
    @FunctionalInterface
    interface Check {
        List<Symptom> of(NodeFacts facts);
    }

    /** What was seen, and what mends it. */
    record Symptom(String evidence, String fix) {}

    static Rule error(String name, Check check) {
        return new Rule(name, Severity.ERROR, check);
    }

    static Rule warning(String name, Check check) {
        return new Rule(name, Severity.WARNING, check);
    }

    static Rule info(String name, Check check) {
        return new Rule(name, Severity.INFO, check);
    }

    List<Finding> apply(NodeFacts facts) {
        return check.of(facts).stream()
                .map(symptom -> new Finding(name, severity, facts.node(), symptom.evidence(), symptom.fix()))
                .toList();
    }
}
