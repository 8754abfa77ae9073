package dev.scc.simulation.mutants;

/**
 * One change of one instruction.
 *
 * @param type name of the class, as in {@code Class.forName}
 * @param method name and descriptor
 * @param element number of the instruction among the elements of its method's code
 * @param file source, relative to the packages' root
 * @param line in the source
 */
record Mutant(String type, String method, int element, Operator operator, String file, int line) {

    String inPackage() {
        return type.substring(0, type.lastIndexOf('.'));
    }

    /** Where to look, as editors take it. */
    String where() {
        return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }

    String covered() {
        return type + ":" + line;
    }
}
