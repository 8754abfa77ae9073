package dev.scc.host;

/** How large a terminal's window is, in characters. Each way 1 to 65,535; the kernel's 0, for "not known", is the usual size. */
public record TerminalSize(int rows, int columns) {
    private static final int MOST = 65_535;

    public TerminalSize {
        Bounds.within("rows of a terminal", rows, 1, MOST);
        Bounds.within("columns of a terminal", columns, 1, MOST);
    }

    /** That of terminals that do not know theirs. */
    public static TerminalSize usual() {
        return new TerminalSize(24, 80);
    }

    @Override
    public String toString() {
        return rows + "x" + columns;
    }
}
