package dev.scc.job;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Set;

/** Where a job is in its life. {@link #mayBecome} is the table of its moves, and {@link JobRecord#moved} makes them. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
public sealed interface JobState {

    /** Its lead has it and has not decided about it yet. */
    record Pending() implements JobState {}

    /** Its plan was accepted: its nodes get ready, and no rank runs yet. */
    record Starting() implements JobState {}

    /** Its ranks run. */
    record Running() implements JobState {}

    /** It is over, and what runs of it is being ended. */
    record Ending() implements JobState {}

    /** It ran, and nothing of it runs any more, or the outcome says what. */
    record Ended(JobOutcome.Ended outcome) implements JobState {}

    /**
     * No rank was started.
     *
     * @param why as a sentence
     * @param exitCode what {@code scc run} exits with
     */
    record Refused(String why, int exitCode) implements JobState {}

    /**
     * Whoever kept it ended before it did, so that nobody knows how it ended.
     *
     * @param why as a sentence
     */
    record Lost(String why) implements JobState {}

    /** Whether a job in this state may come to the next one. */
    default boolean mayBecome(JobState next) {
        return switch (this) {
            case Pending _ -> next instanceof Starting || next instanceof Refused || next instanceof Lost;
            case Starting _ ->
                next instanceof Running || next instanceof Ending || next instanceof Refused || next instanceof Lost;
            case Running _ -> next instanceof Ending || next instanceof Lost;
            case Ending _ -> next instanceof Ended || next instanceof Refused || next instanceof Lost;
            case Ended _, Refused _, Lost _ -> false;
        };
    }

    /** Whether nothing follows. */
    default boolean over() {
        return switch (this) {
            case Pending _, Starting _, Running _, Ending _ -> false;
            case Ended _, Refused _, Lost _ -> true;
        };
    }

    /** As the command line has it. */
    default String word() {
        return switch (this) {
            case Pending _ -> "Pending";
            case Starting _ -> "Starting";
            case Running _ -> "Running";
            case Ending _ -> "Ending";
            case Ended _ -> "Ended";
            case Refused _ -> "Refused";
            case Lost _ -> "Lost";
        };
    }

    /** All words of states. */
    static Set<String> words() {
        return Set.of("Pending", "Starting", "Running", "Ending", "Ended", "Refused", "Lost");
    }
}
