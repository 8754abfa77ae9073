package dev.scc.cluster.front;

import dev.scc.cluster.Paths;
import dev.scc.cluster.tree.Tree;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The signals of one watch on the whole tree, for any number of subscribers. Thread-safe. */
final class TreeSignals implements Signals {
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();

    TreeSignals(Tree tree) {
        tree.watch(Paths.ROOT, this::named, () -> subscribers.forEach(one -> one.anything.run()));
    }

    @Override
    public Subscription on(String path, Consumer<String> named, Runnable anything) {
        Subscriber subscriber = new Subscriber(path, named, anything);
        subscribers.add(subscriber);
        return subscriber;
    }

    private void named(String path) {
        for (Subscriber one : subscribers) {
            if (path.startsWith(one.path)
                    && (path.length() == one.path.length() || path.charAt(one.path.length()) == '/')) {
                one.named.accept(path);
            }
        }
    }

    /** Equal to itself only. */
    private final class Subscriber implements Subscription {
        private final String path;
        private final Consumer<String> named;
        private final Runnable anything;

        Subscriber(String path, Consumer<String> named, Runnable anything) {
            this.path = path;
            this.named = named;
            this.anything = anything;
        }

        @Override
        public void close() {
            subscribers.remove(this);
        }
    }
}
