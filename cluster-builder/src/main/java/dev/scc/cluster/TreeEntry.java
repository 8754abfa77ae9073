package dev.scc.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A kind of entry in the tree: where it stands, who writes it, who reads it, and how long it lives. All that knows paths, or
 * who may do what with them, derives from this table. It is in the order in which the documentation has it; a kind stands
 * after the one that it is below.
 */
public enum TreeEntry {
    ROOT("", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "all of scc's"),
    EPOCH("epoch", Lifetime.FOR_GOOD, TreeRole.CONTROLLER, Readers.SERVERS, "fencing number"),
    LEADER("leader", Lifetime.SESSION, TreeRole.CONTROLLER, Readers.SERVERS, "which controller leads"),
    ENROL("enrol", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "wishes to be enrolled"),
    ENROL_NODE("enrol/NODE", Lifetime.SESSION, TreeRole.AGENT, Readers.OWN, "asks for the entries of its node"),
    NODES("nodes", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "all nodes"),
    NODE(
            "nodes/NODE",
            Lifetime.WHILE_WANTED,
            TreeRole.CONTROLLER,
            Readers.OWN,
            "enrolment: which machine it is; labels, cordon, health"),
    INVENTORY("nodes/NODE/inventory", Lifetime.WHILE_WANTED, TreeRole.AGENT, Readers.OWN, "what it has", true),
    ALIVE("nodes/NODE/alive", Lifetime.SESSION, TreeRole.AGENT, Readers.OWN, "that it lives"),
    ASSIGN("assign", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "all assignments"),
    ASSIGN_NODE(
            "assign/NODE",
            Lifetime.WHILE_WANTED,
            TreeRole.CONTROLLER,
            Readers.OWN,
            "`Free`, `Serve` a cluster's revision, or `Leave`"),
    STATUS("status", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "all statuses"),
    STATUS_NODE(
            "status/NODE",
            Lifetime.WHILE_WANTED,
            TreeRole.AGENT,
            Readers.OWN,
            "reached, step failed with the reason, or clean; of which assignment",
            true),
    CLUSTERS("clusters", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "all clusters"),
    CLUSTER("clusters/NAME", Lifetime.WHILE_WANTED, TreeRole.CONTROLLER, Readers.SERVERS, "phase, members, outcome"),
    ROSTERS("rosters", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "the rosters of all clusters"),
    ROSTERS_OF(
            "rosters/NAME", Lifetime.WHILE_WANTED, TreeRole.CONTROLLER, Readers.MEMBERS, "the rosters of one cluster"),
    ROSTER(
            "rosters/NAME/REVISION",
            Lifetime.UNCHANGED,
            TreeRole.CONTROLLER,
            Readers.MEMBERS,
            "all that a revision's members need to build their part"),
    VPCS("vpcs", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "all VPCs that live by themselves"),
    VPC("vpcs/NAME", Lifetime.UNCHANGED, TreeRole.CONTROLLER, Readers.AGENTS, "a VPC: VNI, addresses, MTU, owner"),
    HOLDING(
            "vpcs/NAME/HOLDER",
            Lifetime.WHILE_WANTED,
            TreeRole.CONTROLLER,
            Readers.AGENTS,
            "addresses that somebody has in it, and where they are"),
    PLUGS("plugs", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "the ENIs of all nodes"),
    PLUGS_NODE("plugs/NODE", Lifetime.WHILE_WANTED, TreeRole.CONTROLLER, Readers.OWN, "ENIs that a node is to have"),
    PLUGGED("plugged", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "what became of the ENIs of all nodes"),
    PLUGGED_NODE(
            "plugged/NODE",
            Lifetime.WHILE_WANTED,
            TreeRole.AGENT,
            Readers.OWN,
            "whether they are there, or why not",
            true),
    TUNNELS("tunnels", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "the tunnels of all nodes"),
    TUNNEL(
            "tunnels/NODE",
            Lifetime.WHILE_WANTED,
            TreeRole.AGENT,
            Readers.AGENTS,
            "the public key of a node that is in an encrypted VPC",
            true),
    GROUPS("groups", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "all security groups"),
    GROUP(
            "groups/NAME",
            Lifetime.WHILE_WANTED,
            TreeRole.CONTROLLER,
            Readers.AGENTS,
            "a security group: its VPC, rules, owner"),
    POOLS("pools", Lifetime.FOR_GOOD, TreeRole.CONTROLLER, Readers.SERVERS, "numbers and networks taken"),
    REQUESTS("requests", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "all requests"),
    REQUEST(
            "requests/ID",
            Lifetime.UNCHANGED,
            TreeRole.SERVER,
            Readers.SERVERS,
            "what a client asks, under an id of its choice; who asked, and when",
            true),
    OUTCOME("requests/ID/outcome", Lifetime.WHILE_WANTED, TreeRole.CONTROLLER, Readers.SERVERS, "what became of it"),
    EVENTS("events", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "the journal"),
    EVENT(
            "events/EVENT",
            Lifetime.UNCHANGED,
            TreeRole.CONTROLLER,
            Readers.SERVERS,
            "what happened; the latest few hundred"),
    TOKENS("tokens", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "all tokens that are not spent"),
    TOKEN(
            "tokens/HASH",
            Lifetime.UNCHANGED,
            TreeRole.SERVER,
            Readers.SERVERS,
            "whom a token lets in, and until when; of its secret the hash"),
    USERS("users", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "all people"),
    USER("users/NAME", Lifetime.WHILE_WANTED, TreeRole.SERVER, Readers.SERVERS, "a person's role and rights"),
    REVOKED("revoked", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.AGENTS, "all who are put out"),
    REVOKED_ONE(
            "revoked/PRINCIPAL",
            Lifetime.WHILE_WANTED,
            TreeRole.SERVER,
            Readers.AGENTS,
            "until when what was signed for somebody counts for nothing"),
    ROTATION(
            "rotation",
            Lifetime.WHILE_WANTED,
            TreeRole.SERVER,
            Readers.AGENTS,
            "which root is being replaced, or was the last, and how far that is"),
    REISSUED("reissued", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "how far all are with that"),
    REISSUED_ONE(
            "reissued/PRINCIPAL",
            Lifetime.WHILE_WANTED,
            TreeRole.SERVER,
            Readers.SERVERS,
            "for which step of a rotation somebody was given a certificate"),
    AUDIT("audit", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "all audit logs"),
    AUDIT_HEAD(
            "audit/SERVER",
            Lifetime.FOR_GOOD,
            TreeRole.SERVER,
            Readers.SERVERS,
            "how far a server's audit log goes, and the hash of its last entry"),
    JOBS("jobs", Lifetime.FOLDER, TreeRole.CONTROLLER, Readers.SERVERS, "all jobs"),
    JOB(
            "jobs/NODE:JOB",
            Lifetime.SESSION,
            TreeRole.AGENT,
            Readers.SERVERS,
            "state and owner of a job that is not over, and that the node leads");

    /** Above everything. */
    public static final String TOP = "/scc";

    private static final List<TreeEntry> ALL = List.of(values());

    /** How long an entry lives, and how it changes meanwhile. */
    public enum Lifetime {
        /** Made once, holds others, never changed. */
        FOLDER("folder"),
        /** Made once, never removed. */
        FOR_GOOD("for good"),
        /** Until it is removed. */
        WHILE_WANTED("while wanted"),
        /** Written once, removed when it is not wanted any more. */
        UNCHANGED("never changed"),
        /** Goes with the session that made it. */
        SESSION("its session");

        private final String title;

        Lifetime(String title) {
            this.title = title;
        }

        /** As the documentation has it. */
        @Override
        public String toString() {
            return title;
        }
    }

    /** Who reads an entry, beside all servers. */
    public enum Readers {
        /** Nobody. */
        SERVERS("servers"),
        /** The agent of the node that the path names. */
        OWN("servers, that agent"),
        /** The agents of the members of the cluster that the path names. */
        MEMBERS("servers, the members' agents"),
        /** All agents. */
        AGENTS("servers, agents");

        private final String title;

        Readers(String title) {
            this.title = title;
        }

        /** As the documentation has it. */
        @Override
        public String toString() {
            return title;
        }
    }

    /** Ends the name of a node in a name that goes on; no node's name has one. */
    public static final char OF_NODE = ':';

    /** What nodes and people write is small. */
    private static final int LARGEST_OF_OTHERS = 16 << 10;

    private static final int LARGEST_OF_CONTROLLER = 64 << 10;

    /** Of what grows with the number of nodes. */
    private static final int LARGEST_OF_MANY_NODES = 8 << 20;

    /** More at a time than a machine leads. */
    private static final int MOST_JOBS_OF_ONE_LEAD = 256;

    /** Words in capitals stand for names. */
    private final String pattern;

    /** Of the pattern. Never changed. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<String> parts;

    private final Lifetime lifetime;
    private final TreeRole writer;
    private final Readers readers;
    private final String content;
    private final boolean cleared;

    TreeEntry(String pattern, Lifetime lifetime, TreeRole writer, Readers readers, String content) {
        this(pattern, lifetime, writer, readers, content, false);
    }

    /** @param cleared the controller removes what its writer has left */
    TreeEntry(String pattern, Lifetime lifetime, TreeRole writer, Readers readers, String content, boolean cleared) {
        this.pattern = pattern;
        this.parts = parts(pattern);
        this.lifetime = lifetime;
        this.writer = writer;
        this.readers = readers;
        this.content = content;
        this.cleared = cleared;
    }

    public Lifetime lifetime() {
        return lifetime;
    }

    /** Who makes and changes it. */
    public TreeRole writer() {
        return writer;
    }

    public Readers readers() {
        return readers;
    }

    /** How many bytes it has at most: one that is larger is no entry of this kind, and is not read. */
    public int largest() {
        return switch (this) {
            case CLUSTER, ROSTER, HOLDING, POOLS, OUTCOME -> LARGEST_OF_MANY_NODES;
            case ENROL_NODE,
                    INVENTORY,
                    ALIVE,
                    STATUS_NODE,
                    REQUEST,
                    TOKEN,
                    USER,
                    REVOKED_ONE,
                    ROTATION,
                    REISSUED_ONE,
                    AUDIT_HEAD,
                    JOB,
                    PLUGGED_NODE,
                    TUNNEL -> LARGEST_OF_OTHERS;
            case ROOT,
                    EPOCH,
                    LEADER,
                    ENROL,
                    NODES,
                    NODE,
                    ASSIGN,
                    ASSIGN_NODE,
                    STATUS,
                    CLUSTERS,
                    ROSTERS,
                    ROSTERS_OF,
                    VPCS,
                    VPC,
                    PLUGS,
                    PLUGS_NODE,
                    PLUGGED,
                    TUNNELS,
                    GROUPS,
                    GROUP,
                    REQUESTS,
                    EVENTS,
                    EVENT,
                    TOKENS,
                    USERS,
                    REVOKED,
                    REISSUED,
                    AUDIT,
                    JOBS -> LARGEST_OF_CONTROLLER;
        };
    }

    /** How many of them one node has at most. */
    public int mostOfOneNode() {
        return this == JOB ? MOST_JOBS_OF_ONE_LEAD : 1;
    }

    /** Whether an entry at this path may be larger than what is read together with others without a thought. */
    public boolean mayBeLarge() {
        return writer != TreeRole.CONTROLLER || largest() > LARGEST_OF_CONTROLLER;
    }

    /** Whether that role may make or change it. */
    public boolean writtenBy(TreeRole role) {
        return role == writer;
    }

    /** Whether that role may remove it. */
    public boolean removedBy(TreeRole role) {
        return role == writer || (cleared && role == TreeRole.CONTROLLER);
    }

    /** The kind of the entry at this path; empty if nothing of scc's stands there. */
    public static Optional<TreeEntry> at(String path) {
        if (!path.equals(TOP) && !path.startsWith(TOP + "/")) {
            return Optional.empty();
        }
        List<String> names = parts(path.equals(TOP) ? "" : path.substring(TOP.length() + 1));
        for (TreeEntry entry : ALL) {
            if (entry.matches(names)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static List<String> parts(String path) {
        return path.isEmpty() ? List.of() : List.of(path.split("/", -1));
    }

    private boolean matches(List<String> names) {
        if (names.size() != parts.size()) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            if (!variable(parts.get(i)) && !parts.get(i).equals(names.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean variable(String part) {
        return Character.isUpperCase(part.charAt(0));
    }

    /**
     * The path of one of them.
     *
     * @param names what stands for the words in capitals, in their order
     */
    public String path(Object... names) {
        StringBuilder path = new StringBuilder(TOP);
        int next = 0;
        for (String part : parts) {
            path.append('/').append(variable(part) ? names[next++] : part);
        }
        if (next != names.length) {
            throw new IllegalArgumentException(this + " has " + next + " names, not " + names.length);
        }
        return path.toString();
    }

    /** Whether one of the words in its pattern stands for a name. */
    public boolean hasName() {
        return parts.stream().anyMatch(TreeEntry::variable);
    }

    /** The name that stands at the place of the first word in capitals. */
    public String named(String path) {
        for (int i = 0; i < parts.size(); i++) {
            if (variable(parts.get(i))) {
                return parts(path.substring(TOP.length() + 1)).get(i);
            }
        }
        throw new IllegalArgumentException(this + " has no name");
    }

    /** The node that the path names; empty if entries of this kind are not those of one node. */
    public Optional<String> owner(String path) {
        if (this == JOB) {
            String name = named(path);
            int end = name.indexOf(OF_NODE);
            return end < 0 ? Optional.empty() : Optional.of(name.substring(0, end));
        }
        return parts(pattern).contains("NODE") ? Optional.of(named(path)) : Optional.empty();
    }

    /** All that are only there to hold others, parents first. */
    public static List<TreeEntry> folders() {
        return Arrays.stream(values())
                .filter(entry -> entry.lifetime == Lifetime.FOLDER)
                .toList();
    }

    /** The table of all but folders, in Markdown. */
    public static String table() {
        List<String> lines =
                new ArrayList<>(List.of("| entry | writer | readers | lives | content |", "|---|---|---|---|---|"));
        for (TreeEntry entry : values()) {
            if (entry.lifetime != Lifetime.FOLDER) {
                lines.add("| `" + entry.pattern + "` | " + entry.writers() + " | " + entry.readers + " | "
                        + entry.lifetime + " | " + entry.content + " |");
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private String writers() {
        return cleared ? writer + ", removed by " + TreeRole.CONTROLLER : writer.toString();
    }
}
