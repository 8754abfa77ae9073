package dev.scc.simulation.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Reads compiled classes, finds what can be changed in them, and changes it. */
final class ClassSurgery {
    /** What these return nobody decides by, or it is made by the compiler. */
    private static final Set<String> NOT_MUTATED =
            Set.of("<clinit>", "toString", "hashCode", "equals", "values", "valueOf");

    private ClassSurgery() {}

    /** What a class is derived from is read, not loaded: some of them are just being loaded. */
    private static ClassFile files() {
        return ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));
    }

    static byte[] read(String type) {
        String path = type.replace('.', '/') + ".class";
        try (InputStream in = ClassLoader.getSystemResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no class " + type + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All mutants of a class, in the order of its code. */
    static List<Mutant> mutants(String type) {
        ClassModel model = ClassFile.of().parse(read(type));
        String source = model.findAttribute(Attributes.sourceFile())
                .map(file -> file.sourceFile().stringValue())
                .orElse("?");
        String file = type.substring(0, type.lastIndexOf('.') + 1).replace('.', '/') + source;
        List<Mutant> mutants = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            method.code().filter(_ -> mutated(method)).ifPresent(code -> {
                Operator.Place place =
                        new Operator.Place(method.methodTypeSymbol().returnType());
                int number = 0;
                int line = 0;
                Optional<Instruction> before = Optional.empty();
                for (CodeElement element : code) {
                    if (element instanceof LineNumber at) {
                        line = at.line();
                    }
                    for (Operator operator : Operator.values()) {
                        if (operator.at(element, place).isPresent()
                                && before.filter(operator::changesNothingAfter).isEmpty()) {
                            mutants.add(new Mutant(type, name(method), number, operator, file, line));
                        }
                    }
                    number++;
                    before = switch (element) {
                        case Instruction instruction -> Optional.of(instruction);
                        // Somebody else may come here from elsewhere.
                        case LabelTarget _ -> Optional.empty();
                        default -> before;
                    };
                }
            });
        }
        return mutants;
    }

    private static boolean mutated(MethodModel method) {
        String name = method.methodName().stringValue();
        boolean generated = method.flags().has(AccessFlag.SYNTHETIC) && !name.startsWith("lambda$");
        return !generated && !NOT_MUTATED.contains(name) && !name.startsWith("$") && !accessor(method);
    }

    /** Returns a field, and that is all. */
    private static boolean accessor(MethodModel method) {
        long instructions = method.code().stream()
                .flatMap(CodeModel::elementStream)
                .filter(Instruction.class::isInstance)
                .count();
        return method.methodTypeSymbol().parameterCount() == 0 && instructions <= 3;
    }

    private static String name(MethodModel method) {
        return method.methodName().stringValue() + method.methodType().stringValue();
    }

    /** The class with the mutant in it. */
    static byte[] with(Mutant mutant) {
        ClassFile files = files();
        ClassTransform transform = (builder, part) -> {
            if (part instanceof MethodModel method && name(method).equals(mutant.method())) {
                Operator.Place place =
                        new Operator.Place(method.methodTypeSymbol().returnType());
                builder.transformMethod(
                        method, MethodTransform.transformingCode(CodeTransform.ofStateful(() -> cut(mutant, place))));
            } else {
                builder.with(part);
            }
        };
        return files.transformClass(files.parse(read(mutant.type())), transform);
    }

    /** Without names of local variables: Java refuses those of code that is not reached any more and is cut short. */
    private static CodeTransform cut(Mutant mutant, Operator.Place place) {
        int[] number = {0};
        return (code, element) -> {
            if (number[0]++ == mutant.element()) {
                mutant.operator()
                        .at(element, place)
                        .orElseThrow(() -> new IllegalStateException("cannot be: " + mutant))
                        .emit(code);
            } else if (!(element instanceof LocalVariable) && !(element instanceof LocalVariableType)) {
                code.with(element);
            }
        };
    }

    /** The class with a call of {@link Lines#hit} at each line. */
    static byte[] withLines(byte[] type, ToIntFunction<Integer> numberOfLine) {
        ClassFile files = files();
        ClassDesc lines = ClassDesc.of(Lines.class.getName());
        MethodTypeDesc hit = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
        return files.transformClass(files.parse(type), ClassTransform.transformingMethodBodies((code, element) -> {
            code.with(element);
            if (element instanceof LineNumber at) {
                code.loadConstant(numberOfLine.applyAsInt(at.line())).invokestatic(lines, "hit", hit);
            }
        }));
    }
}
