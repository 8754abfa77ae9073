package dev.scc.fabric.verbs;

import dev.scc.fabric.VlanId;
import dev.scc.fabric.verify.CannotVerify;
import dev.scc.fabric.verify.PassedOver;
import dev.scc.fabric.verify.Pattern;
import dev.scc.fabric.verify.ProbeMember;
import dev.scc.fabric.verify.ProbePlan;
import dev.scc.fabric.verify.ProbeResult;
import dev.scc.host.Ipv4;
import dev.scc.host.NodeName;
import java.util.ArrayList;
import java.util.List;

/**
 * One node's part of verifications, one after the other, by hand: {@code SESSION[,SESSION...] SELF DEVICE VLAN PORT
 * NODE=ADDRESS...}. Prints its results; exits with 0 if all passed, 1 if one failed, 3 if verbs cannot be used.
 */
final class ProbeMain {
    private ProbeMain() {}

    public static void main(String[] args) throws InterruptedException {
        List<ProbeMember> members = new ArrayList<>();
        for (String member : List.of(args).subList(5, args.length)) {
            String[] parts = member.split("=", 2);
            members.add(new ProbeMember(new NodeName(parts[0]), Ipv4.parse(parts[1])));
        }
        int status = 0;
        if (Boolean.getBoolean("prepare")) {
            prepare();
        }
        for (String session : args[0].split(",", -1)) {
            status = Math.max(
                    status,
                    run(new ProbePlan(
                            session,
                            new NodeName(args[1]),
                            args[2],
                            new VlanId(Integer.parseInt(args[3])),
                            members,
                            Pattern.FULL,
                            Integer.parseInt(args[4]))));
        }
        System.exit(status);
    }

    private static void prepare() {
        long start = System.nanoTime();
        try {
            VerbsProber.prepare();
            System.out.println("preparation took " + (System.nanoTime() - start) / 1_000_000 + " ms");
        } catch (CannotVerify e) {
            System.out.println(e.getMessage());
        }
    }

    private static int run(ProbePlan plan) throws InterruptedException {
        List<ProbeResult> results = new ArrayList<>();
        long start = System.nanoTime();
        try {
            new VerbsProber().run(plan, new PassedOver(), results::add);
            results.forEach(System.out::println);
            System.out.println(
                    plan.session() + " on " + plan.self() + " took " + (System.nanoTime() - start) / 1_000_000 + " ms");
            return results.stream().allMatch(ProbeResult::ok) ? 0 : 1;
        } catch (CannotVerify e) {
            System.out.println(e.getMessage());
            return 3;
        }
    }
}
