package dev.scc.job;

import dev.scc.host.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a job is the answer to: whoever asks again, under the same id and for the same, gets the same job.
 *
 * @param id chosen by the client; another owner may have one of the same id
 * @param content SHA-256 of what is asked for, in hexadecimal digits
 */
public record JobRequest(String id, String content) {

    /** Of a spec that has an id. */
    public static Optional<JobRequest> of(JobSpec spec, Attachment attachment) {
        return spec.request().map(id -> new JobRequest(id, digest(Content.of(spec, attachment))));
    }

    /** What makes it another request, with one order of what has none: all but the attempt, and what it was before. */
    private record Content(
            List<String> argv,
            Optional<Integer> ranks,
            Optional<Integer> perNode,
            MpiChoice mpi,
            boolean allowTcp,
            Map<String, String> environment,
            String directory,
            boolean prefix,
            boolean asRoot,
            Optional<JobTimes> times,
            Optional<RankSetting> setting,
            Attachment attachment) {
        static Content of(JobSpec spec, Attachment attachment) {
            return new Content(
                    spec.argv(),
                    spec.ranks(),
                    spec.perNode(),
                    spec.mpi(),
                    spec.allowTcp(),
                    new TreeMap<>(spec.environment()),
                    spec.directory(),
                    spec.prefix(),
                    spec.asRoot(),
                    spec.times(),
                    spec.setting(),
                    attachment);
        }
    }

    private static String digest(Content content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Json.writeBytes(content)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}
