package dev.scc.simulation;

import dev.scc.job.Attachment;
import dev.scc.job.JobId;
import dev.scc.job.JobSpec;
import java.util.ArrayList;
import java.util.List;

/** What somebody wants to run, and which jobs it has been. */
final class JobWish {
    final String owner;
    final Attachment attachment;
    final int restarts;
    /** That its program takes, in ms. */
    final long millis;

    final int status;
    final long limit;
    final JobSpec spec;
    final List<JobId> jobs = new ArrayList<>();
    int attempts;
    /** When its command ended by itself, or was killed or cut off; -1 until then. */
    long callerGone = -1;

    boolean killed;

    JobWish(String owner, Attachment attachment, int restarts, long millis, int status, long limit, JobSpec spec) {
        this.owner = owner;
        this.attachment = attachment;
        this.restarts = restarts;
        this.millis = millis;
        this.status = status;
        this.limit = limit;
        this.spec = spec;
    }

    /** Whether its command may be repeated, and is about the same job then. */
    boolean mayAskAgain() {
        return restarts == 0 && spec.request().isPresent();
    }

    /** Its command is repeated. */
    void asksAgain() {
        jobs.clear();
        attempts = 0;
        callerGone = -1;
        killed = false;
    }

    /** Something else that this person wants, under the same id. */
    JobWish other(JobSpec another) {
        return new JobWish(owner, attachment, restarts, millis, status, limit, another);
    }

    void callerOver(long now) {
        if (callerGone < 0) {
            callerGone = now;
        }
    }
}
