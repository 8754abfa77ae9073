package dev.scc.simulation.mutants;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A kind of small change of one bytecode instruction, such as somebody might make by mistake. */
enum Operator {
    NEGATED_CONDITION("the condition is negated") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            return element instanceof BranchInstruction branch && NEGATION.containsKey(branch.opcode())
                    ? Optional.of(code -> code.branch(NEGATION.get(branch.opcode()), branch.target()))
                    : Optional.empty();
        }
    },
    DROPPED_CONDITION("the condition is not asked") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            if (!(element instanceof BranchInstruction branch) || !NEGATION.containsKey(branch.opcode())) {
                return Optional.empty();
            }
            boolean two = branch.opcode().name().startsWith("IF_");
            return Optional.of(code -> {
                code.pop();
                if (two) {
                    code.pop();
                }
            });
        }
    },
    MOVED_BOUNDARY("the boundary is moved by one") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            return element instanceof BranchInstruction branch && BOUNDARY.containsKey(branch.opcode())
                    ? Optional.of(code -> code.branch(BOUNDARY.get(branch.opcode()), branch.target()))
                    : Optional.empty();
        }
    },
    DROPPED_CALL("the call is left out") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            if (!(element instanceof InvokeInstruction call)
                    || call.name().equalsString("<init>")
                    || call.name().equalsString("addSuppressed")
                    || call.owner().asInternalName().startsWith("org/slf4j")
                    || !call.typeSymbol().returnType().equals(ConstantDescs.CD_void)) {
                return Optional.empty();
            }
            return Optional.of(code -> popArguments(code, call));
        }
    },
    DROPPED_ELEMENT("nothing is put in or taken out") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            if (!(element instanceof InvokeInstruction call)
                    || !call.owner().asInternalName().startsWith("java/util/")
                    || !CHANGING.contains(call.name().stringValue())
                    || call.opcode() == Opcode.INVOKESTATIC) {
                return Optional.empty();
            }
            ClassDesc answer = call.typeSymbol().returnType();
            if (answer.equals(ConstantDescs.CD_boolean)) {
                return Optional.of(code -> {
                    popArguments(code, call);
                    code.iconst_0();
                });
            }
            return answer.isPrimitive()
                    ? Optional.empty()
                    : Optional.of(code -> {
                        popArguments(code, call);
                        code.aconst_null();
                    });
        }
    },
    SKIPPED_FIRST("the first element is skipped") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            return element instanceof InvokeInstruction call
                            && call.name().equalsString("stream")
                            && call.typeSymbol().returnType().equals(STREAM)
                            && call.typeSymbol().parameterCount() == 0
                    ? Optional.of(code -> code.with(element)
                            .lconst_1()
                            .invokeinterface(STREAM, "skip", MethodTypeDesc.of(STREAM, ConstantDescs.CD_long)))
                    : Optional.empty();
        }
    },
    DROPPED_FILTER("the filter is left out") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            return element instanceof InvokeInstruction call
                            && call.name().equalsString("filter")
                            && call.owner().asInternalName().startsWith("java/util/")
                    ? Optional.of(CodeBuilder::pop)
                    : Optional.empty();
        }
    },
    SWAPPED_MATCH("any and all are swapped") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            return element instanceof InvokeInstruction call
                            && call.owner().asInternalName().equals("java/util/stream/Stream")
                            && MATCH.containsKey(call.name().stringValue())
                    ? Optional.of(code ->
                            code.invokeinterface(STREAM, MATCH.get(call.name().stringValue()), call.typeSymbol()))
                    : Optional.empty();
        }
    },
    DEFAULT_RETURNED("another value is returned") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            if (!(element instanceof ReturnInstruction answer)) {
                return Optional.empty();
            }
            ClassDesc type = place.returns();
            if (type.equals(ConstantDescs.CD_boolean)) {
                return Optional.of(code -> code.iconst_1().ixor().ireturn());
            }
            if (type.equals(ConstantDescs.CD_int)) {
                return Optional.of(code -> code.pop().iconst_0().ireturn());
            }
            if (type.equals(ConstantDescs.CD_long)) {
                return Optional.of(code -> code.pop2().lconst_0().lreturn());
            }
            if (type.equals(ClassDesc.of("java.time.Duration"))) {
                return Optional.of(
                        code -> code.pop().getstatic(type, "ZERO", type).with(answer));
            }
            return Optional.ofNullable(EMPTY.get(type.displayName()))
                    .filter(_ -> type.packageName().startsWith("java.util"))
                    .map(name -> code -> code.pop()
                            .invokestatic(
                                    type,
                                    name,
                                    MethodTypeDesc.of(type),
                                    !type.displayName().equals("Optional"))
                            .with(answer));
        }
    },
    SWAPPED_ARITHMETIC("plus and minus, or times and through, are swapped") {
        @Override
        Optional<Edit> at(CodeElement element, Place place) {
            if (element instanceof IncrementInstruction step) {
                return Optional.of(code -> code.iinc(step.slot(), -step.constant()));
            }
            if (!(element instanceof OperatorInstruction sum)) {
                return Optional.empty();
            }
            return switch (sum.opcode()) {
                case IADD -> Optional.of(CodeBuilder::isub);
                case ISUB -> Optional.of(CodeBuilder::iadd);
                case IMUL -> Optional.of(CodeBuilder::idiv);
                case IDIV -> Optional.of(CodeBuilder::imul);
                case LADD -> Optional.of(CodeBuilder::lsub);
                case LSUB -> Optional.of(CodeBuilder::ladd);
                case LMUL -> Optional.of(CodeBuilder::ldiv);
                case LDIV -> Optional.of(CodeBuilder::lmul);
                default -> Optional.empty();
            };
        }
    };

    /** What is emitted in an instruction's place. */
    interface Edit {
        void emit(CodeBuilder code);
    }

    /** @param returns what the method returns that the instruction is in */
    record Place(ClassDesc returns) {}

    private static final ClassDesc STREAM = ClassDesc.of("java.util.stream.Stream");

    private static final Map<Opcode, Opcode> NEGATION = Map.ofEntries(
            Map.entry(Opcode.IFEQ, Opcode.IFNE),
            Map.entry(Opcode.IFNE, Opcode.IFEQ),
            Map.entry(Opcode.IFLT, Opcode.IFGE),
            Map.entry(Opcode.IFGE, Opcode.IFLT),
            Map.entry(Opcode.IFGT, Opcode.IFLE),
            Map.entry(Opcode.IFLE, Opcode.IFGT),
            Map.entry(Opcode.IF_ICMPEQ, Opcode.IF_ICMPNE),
            Map.entry(Opcode.IF_ICMPNE, Opcode.IF_ICMPEQ),
            Map.entry(Opcode.IF_ICMPLT, Opcode.IF_ICMPGE),
            Map.entry(Opcode.IF_ICMPGE, Opcode.IF_ICMPLT),
            Map.entry(Opcode.IF_ICMPGT, Opcode.IF_ICMPLE),
            Map.entry(Opcode.IF_ICMPLE, Opcode.IF_ICMPGT),
            Map.entry(Opcode.IF_ACMPEQ, Opcode.IF_ACMPNE),
            Map.entry(Opcode.IF_ACMPNE, Opcode.IF_ACMPEQ),
            Map.entry(Opcode.IFNULL, Opcode.IFNONNULL),
            Map.entry(Opcode.IFNONNULL, Opcode.IFNULL));

    private static final Map<Opcode, Opcode> BOUNDARY = Map.of(
            Opcode.IFLT, Opcode.IFLE,
            Opcode.IFLE, Opcode.IFLT,
            Opcode.IFGT, Opcode.IFGE,
            Opcode.IFGE, Opcode.IFGT,
            Opcode.IF_ICMPLT, Opcode.IF_ICMPLE,
            Opcode.IF_ICMPLE, Opcode.IF_ICMPLT,
            Opcode.IF_ICMPGT, Opcode.IF_ICMPGE,
            Opcode.IF_ICMPGE, Opcode.IF_ICMPGT);

    private static final Set<String> CHANGING =
            Set.of("add", "addAll", "remove", "removeAll", "retainAll", "put", "putIfAbsent", "removeIf");

    private static final Map<String, String> MATCH =
            Map.of("anyMatch", "allMatch", "allMatch", "anyMatch", "noneMatch", "anyMatch");

    private static final Map<String, String> EMPTY =
            Map.of("Optional", "empty", "List", "of", "Map", "of", "Set", "of", "Stream", "empty");

    final String words;

    Operator(String words) {
        this.words = words;
    }

    /** Whether it changes which way the code goes. */
    boolean decides() {
        return this == NEGATED_CONDITION || this == DROPPED_CONDITION || this == MOVED_BOUNDARY;
    }

    /** Whether what is there is what it would put there: it returns an empty one where one is returned already. */
    boolean changesNothingAfter(Instruction before) {
        return this == DEFAULT_RETURNED
                && switch (before) {
                    case InvokeInstruction call ->
                        call.opcode() == Opcode.INVOKESTATIC
                                && call.typeSymbol().parameterCount() == 0
                                && call.name()
                                        .stringValue()
                                        .equals(EMPTY.get(
                                                call.owner().asSymbol().displayName()));
                    case FieldInstruction field -> field.name().equalsString("ZERO");
                    default -> before.opcode() == Opcode.LCONST_0;
                };
    }

    /** Empty if it cannot be applied to this instruction. */
    abstract Optional<Edit> at(CodeElement element, Place place);

    private static void popArguments(CodeBuilder code, InvokeInstruction call) {
        List<ClassDesc> arguments = call.typeSymbol().parameterList();
        for (ClassDesc argument : arguments.reversed()) {
            if (TypeKind.from(argument).slotSize() == 2) {
                code.pop2();
            } else {
                code.pop();
            }
        }
        if (call.opcode() != Opcode.INVOKESTATIC) {
            code.pop();
        }
    }
}
