package dev.scc.job.history;

import java.io.IOException;
import java.util.List;

/** Where the jobs of one node are kept: a place for each, with the record and the output. */
public interface JobStore {
    /** The names of all places, in any order. */
    List<String> places() throws IOException;

    /** The record in that place. */
    byte[] record(String place) throws IOException;

    /** Puts the record there, whole or not at all; the place is made if it is not there. */
    void write(String place, byte[] record) throws IOException;

    /** The output of a job that begins, in a place that is there. */
    OutputLog begin(String place, long limit);

    /** The output of a job that is over. */
    OutputLog output(String place) throws IOException;

    /** Takes the place away with all that is in it. */
    void remove(String place) throws IOException;
}
