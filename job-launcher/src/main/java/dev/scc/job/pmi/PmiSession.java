package dev.scc.job.pmi;

import java.util.OptionalInt;
import java.util.Set;

/** One rank's conversation with the server. For one thread at a time. */
public final class PmiSession {
    static final int LONGEST_KEY = 64;
    static final int LONGEST_VALUE = 1024;
    static final int LONGEST_SPACE = 256;

    private final PmiServer server;
    private final Set<Integer> allowed;
    private final PmiPeer peer;
    private OptionalInt rank = OptionalInt.empty();
    private boolean spawning;

    PmiSession(PmiServer server, Set<Integer> allowed, PmiPeer peer) {
        this.server = server;
        this.allowed = allowed;
        this.peer = peer;
    }

    /** Takes a line from the rank, without its newline. What is no PMI-1 ends the connection. */
    public void receive(String text) {
        if (spawning) {
            // The rest of a spawn request: one key and value a line, until this one.
            if (text.equals("endcmd")) {
                spawning = false;
                peer.send("cmd=spawn_result rc=-1 msg=processes_cannot_be_spawned_here");
            }
            return;
        }
        PmiLine.parse(text).ifPresentOrElse(this::answer, () -> peer.drop("not a PMI-1 line: " + text));
    }

    private void answer(PmiLine line) {
        if (line.command().equals("initack")) {
            greet(line);
        } else if (rank.isEmpty()) {
            peer.drop("PMI-1 command " + line.command() + " before the rank has said which it is");
        } else {
            answer(line, rank.getAsInt());
        }
    }

    private void greet(PmiLine line) {
        int wanted = line.number("pmiid").orElse(-1);
        if (!allowed.contains(wanted) || rank.isPresent() || !server.claim(wanted)) {
            peer.drop("PMI-1 rank " + line.field("pmiid").orElse("(none)")
                    + " is not of this node, or is connected already");
            return;
        }
        rank = OptionalInt.of(wanted);
        peer.send("cmd=initack rc=0");
        peer.send("cmd=set size=" + server.size());
        peer.send("cmd=set rank=" + wanted);
        peer.send("cmd=set debug=0");
    }

    private void answer(PmiLine line, int self) {
        switch (line.command()) {
            case "init" -> {
                // Clients that know 1.2 content themselves with 1.1, which all of them understand.
                boolean known = line.number("pmi_version").orElse(0) == 1;
                if (known) {
                    server.initialized(self);
                }
                peer.send("cmd=response_to_init pmi_version=1 pmi_subversion=1 rc=" + (known ? 0 : -1));
            }
            case "get_maxes" ->
                peer.send("cmd=maxes rc=0 kvsname_max=" + LONGEST_SPACE + " keylen_max=" + LONGEST_KEY + " vallen_max="
                        + LONGEST_VALUE);
            case "get_appnum" -> peer.send("cmd=appnum rc=0 appnum=0");
            case "get_my_kvsname" -> peer.send("cmd=my_kvsname rc=0 kvsname=" + server.space());
            case "get_universe_size" -> peer.send("cmd=universe_size rc=0 size=" + server.size());
            case "put" -> peer.send("cmd=put_result " + put(line));
            case "get" -> peer.send("cmd=get_result " + get(line));
            case "barrier_in" -> server.enterBarrier(peer);
            case "finalize" -> {
                server.finalized(self);
                peer.send("cmd=finalize_ack rc=0");
            }
            case "abort" ->
                server.abort(
                        self,
                        line.number("exitcode").orElse(1),
                        line.field("error_msg").orElse(""));
            case "publish_name" -> peer.send("cmd=publish_result rc=-1 info=not_supported");
            case "unpublish_name" -> peer.send("cmd=unpublish_result rc=-1 info=not_supported");
            case "lookup_name" -> peer.send("cmd=lookup_result rc=-1 info=not_supported");
            case "spawn" -> spawning = true;
            default -> peer.drop("unknown PMI-1 command " + line.command());
        }
    }

    private String put(PmiLine line) {
        String key = line.field("key").orElse("");
        String value = line.field("value").orElse("");
        if (!line.field("kvsname").orElse("").equals(server.space())) {
            return "rc=-1 msg=unknown_kvsname";
        }
        if (key.isEmpty() || key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
            return "rc=-1 msg=key_or_value_has_an_illegal_length";
        }
        if (!server.hasRoom()) {
            return "rc=-1 msg=the_key_value_space_is_full";
        }
        return server.put(key, value) ? "rc=0 msg=success" : "rc=-1 msg=duplicate_key";
    }

    private String get(PmiLine line) {
        if (!line.field("kvsname").orElse("").equals(server.space())) {
            return "rc=-1 msg=unknown_kvsname";
        }
        String value = server.get(line.field("key").orElse(""));
        return value.isEmpty() ? "rc=-1 msg=key_not_found" : "rc=0 msg=success value=" + value;
    }
}
