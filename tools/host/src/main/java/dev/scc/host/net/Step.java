package dev.scc.host.net;

/** One change of a node's network. Steps are data, idempotent, and know what takes them back. */
public sealed interface Step {
    NetObject object();

    /** The step that takes this one back. */
    Step undo();

    record Add(NetObject object) implements Step {
        @Override
        public Step undo() {
            return new Remove(object);
        }
    }

    record Remove(NetObject object) implements Step {
        @Override
        public Step undo() {
            return new Add(object);
        }
    }

    /** The words for a progress line or an error, such as {@code add link:eni0}. */
    default String title() {
        return switch (this) {
            case Add add -> "add " + add.object().key();
            case Remove remove -> "remove " + remove.object().key();
        };
    }
}
