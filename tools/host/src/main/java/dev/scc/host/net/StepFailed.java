package dev.scc.host.net;

/** A step that the machine refused. All steps before {@link #index()} in the same call have taken effect, none after. */
public final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final int index;

    public StepFailed(int index, Step step, String why) {
        super(step.title() + ": " + why);
        this.index = index;
    }

    /** The failed step's position in the list given to {@link Machine#apply}, from 0. */
    public int index() {
        return index;
    }
}
