package dev.scc.cli.command;

import dev.scc.cluster.Member;
import dev.scc.cluster.rpc.RpcFailed;
import dev.scc.host.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What members of a cluster have answered to one question.
 *
 * @param answers in the order of the members
 * @param silent who has not answered, and why
 */
record MemberAnswers<T>(Map<NodeName, T> answers, Map<NodeName, String> silent) {
    /** A process of a person opens no more connections than that at once. */
    private static final int AT_ONCE = 16;

    /** Asks one of them. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Member member) throws RpcFailed, InterruptedException;
    }

    /**
     * Asks all of them, some at a time.
     *
     * @param within how long all may take together; who has not answered by then is silent
     * @throws InterruptedException if this thread is interrupted; nobody is asked any more
     */
    static <T> MemberAnswers<T> of(List<Member> members, Duration within, Question<T> question)
            throws InterruptedException {
        List<Callable<T>> questions = members.stream()
                .<Callable<T>>map(member -> () -> question.ask(member))
                .toList();
        ExecutorService asking =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
        List<Future<T>> futures;
        try {
            futures = asking.invokeAll(questions, within.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            asking.shutdownNow();
        }
        Map<NodeName, T> answers = new LinkedHashMap<>();
        Map<NodeName, String> silent = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            NodeName node = members.get(i).node();
            Future<T> future = futures.get(i);
            if (future.isCancelled()) {
                silent.put(node, "no answer within " + within.toSeconds() + " s");
                continue;
            }
            try {
                answers.put(node, future.get());
            } catch (ExecutionException e) {
                silent.put(node, why(e));
            }
        }
        return new MemberAnswers<>(answers, silent);
    }

    /** What an RPC failed with; a defect of ours is one. */
    private static String why(ExecutionException e) {
        if (e.getCause() instanceof RpcFailed failed) {
            return String.valueOf(failed.getMessage());
        }
        throw new IllegalStateException(e.getCause());
    }

    /** Who is silent and why, as a part of a sentence. */
    String reasons() {
        List<String> each = new ArrayList<>();
        silent.forEach((node, why) -> each.add(node + " (" + why + ")"));
        return String.join(", ", each);
    }
}
