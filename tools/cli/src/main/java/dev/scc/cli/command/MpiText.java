package dev.scc.cli.command;

import dev.scc.job.MpiChoice;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An MPI as it is said on the command line, such as {@code openmpi-pmix}. */
final class MpiText implements ITypeConverter<MpiChoice> {

    @Override
    public MpiChoice convert(String text) {
        return Arrays.stream(MpiChoice.values())
                .filter(choice -> choice.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("\"" + text + "\" is none of " + all()));
    }

    private static String all() {
        return Arrays.stream(MpiChoice.values())
                .map(choice -> choice.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
