package dev.scc.cli.command;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which of the known words somebody meant who typed another. */
final class NearestWord {
    private NearestWord() {}

    /**
     * The known word with the fewest slips: letters missing, too many, wrong, or two neighbours exchanged (the optimal
     * string alignment distance). Empty if even that has more slips than a third of its letters.
     */
    static Optional<String> to(String typed, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String word) -> slips(typed, word))
                        .thenComparing(word -> word))
                .filter(word -> slips(typed, word) <= Math.max(1, word.length() / 3));
    }

    static int slips(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + wrong);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
