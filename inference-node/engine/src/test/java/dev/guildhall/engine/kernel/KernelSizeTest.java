package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The hottest kernels are longer than what the compiler inlines (FreqInlineSize). When it does inline several into one caller
 * it runs out of room for the vector operations and leaves them as objects: ten times slower, and only in some runs.
 */
class KernelSizeTest {

    private static final int INLINED_BYTES_MAX = 325;

    @ParameterizedTest
    @CsvSource({
        "CodeProducts, addNibbles",
        "CodeProducts, addNestedNibbles",
        "CodeProducts, addBytes",
        "CodeProducts, addNestedBytes",
        "CodeProducts, addNibblesToTwo",
        "CodeProducts, addBytesToTwo",
        "Tiles, addScaledCodes",
        "Tiles, addPanelProduct",
        "Tiles, addVectorProduct",
    })
    void hotKernelsAreCompiledAlone(String type, String method) throws IOException {
        assertThat(codeBytes(type, method)).isGreaterThan(INLINED_BYTES_MAX);
    }

    private static int codeBytes(String type, String method) throws IOException {
        try (InputStream in = KernelSizeTest.class.getResourceAsStream(type + ".class")) {
            assertThat(in).isNotNull();
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            for (MethodModel candidate : model.methods()) {
                if (candidate.methodName().equalsString(method)
                        && candidate.code().orElseThrow() instanceof CodeAttribute code) {
                    return code.codeLength();
                }
            }
            throw new AssertionError("%s has no method %s".formatted(type, method));
        }
    }
}
