package dev.scc.cli.report;

import dev.scc.host.Visible;

/** Text in HTML. */
final class Html {
    private Html() {}

    /** What nodes and people supplied, so that a browser only shows it, in an element or in a quoted attribute. */
    static String text(String supplied) {
        return Visible.line(supplied)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
