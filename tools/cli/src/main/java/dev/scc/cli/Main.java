package dev.scc.cli;

/** Where the process starts and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("x");
    }
}
