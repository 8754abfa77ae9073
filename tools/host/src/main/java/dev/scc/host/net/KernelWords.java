package dev.scc.host.net;

import dev.scc.host.net.NetObject.NftTable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what nft says into objects: only what is ours. */
final class KernelWords {
    // nft lists a table's name and its end at the left margin, and nothing else there.
    private static final Pattern TABLE = Pattern.compile(
            "^table (?:inet|netdev) (scc_[A-Za-z0-9_]+) \\{\\n(.*?)^\\}$", Pattern.MULTILINE | Pattern.DOTALL);

    // Nothing between the line with the hook, if there is one, and the end.
    private static final Pattern EMPTY_CHAIN = Pattern.compile("chain \\S+ \\{\\s*(type [^\\n]*\\s*)?\\}");

    private KernelWords() {}

    /** All chains of ours have rules, so somebody has removed them. */
    static boolean hasChainWithoutRules(NftTable table) {
        return !table.body().contains("chain ")
                || EMPTY_CHAIN.matcher(table.body()).find();
    }

    /** Our tables in {@code nft list ruleset}. */
    static List<NftTable> tables(String ruleset) {
        List<NftTable> tables = new ArrayList<>();
        Matcher matcher = TABLE.matcher(ruleset);
        while (matcher.find()) {
            tables.add(new NftTable(matcher.group(1), matcher.group(2)));
        }
        return tables;
    }
}
