package dev.scc.cli.failure;

/** Ends a command: an expected failure, with its exit status and what to tell. */
public final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitStatus status;
    private final transient Problem problem;

    public Failure(ExitStatus status, Problem problem) {
        super(problem.what() + ": " + problem.why());
        this.status = status;
        this.problem = problem;
    }

    public ExitStatus status() {
        return status;
    }

    public Problem problem() {
        return problem;
    }
}
