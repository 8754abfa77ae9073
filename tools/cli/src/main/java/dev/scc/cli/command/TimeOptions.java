package dev.scc.cli.command;

import dev.scc.job.JobTimes;
import dev.scc.job.RankSignal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How long a job may run, and what its ranks hear before they are killed. */
final class TimeOptions {
    @Option(
            names = "--time-limit",
            paramLabel = "D",
            description = "The job is ended when its ranks have run for so long, such as 90s or 2h; exit status 124.")
    @Nullable
    Duration limit;

    @Option(
            names = "--signal",
            paramLabel = "S@D",
            converter = Before.class,
            description = "The ranks get this signal so long before the time limit, such as USR2@10m.")
    JobTimes.@Nullable Early early;

    @Option(
            names = "--grace",
            paramLabel = "D",
            description = "Ranks have so long between SIGTERM and SIGKILL when the time limit is over, the job is"
                    + " cancelled, or by Ctrl-C; the second time ends at once. Default: SIGKILL at once.")
    @Nullable
    Duration grace;

    /** Reads {@code USR2@10m}. */
    static final class Before implements ITypeConverter<JobTimes.Early> {
        @Override
        public JobTimes.Early convert(String text) {
            int at = text.indexOf('@');
            if (at < 0) {
                throw new TypeConversionException("\"" + text + "\" is not a signal and a time, such as USR2@10m");
            }
            try {
                return new JobTimes.Early(
                        RankSignal.parse(text.substring(0, at)),
                        new DurationText().convert(text.substring(at + 1)).toMillis());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * The times that are wanted.
     *
     * @throws IllegalArgumentException if they do not fit together
     */
    JobTimes times() {
        return new JobTimes(
                Optional.ofNullable(limit).map(Duration::toMillis),
                Optional.ofNullable(early),
                Optional.ofNullable(grace).map(Duration::toMillis).orElse(0L));
    }
}
