package dev.scc.cluster.trust;

/** A person as he stands in the tree, under his name. */
public record PersonRecord(Role role, Rights rights) {

    /** Whether it is about the person whom a certificate names, in the role that it names. */
    public boolean isOf(Principal person) {
        return role == person.role();
    }
}
