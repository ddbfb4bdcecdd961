package dev.guildhall.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitGgufTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void writeParts() throws IOException {
        for (int part = 0; part < 4; part++) {
            write(part, 4, "t" + part);
        }
    }

    private Path part(int index) {
        return directory.resolve("model-%05d-of-00004.gguf".formatted(index + 1));
    }

    private void write(int index, int count, String tensor) throws IOException {
        GgufBytes bytes = new GgufBytes()
                .header(3, 1, 3)
                .string("split.no")
                .u32(GgufBytes.U32)
                .u32(index)
                .string("split.count")
                .u32(GgufBytes.U32)
                .u32(count)
                .string("split.tensors.count")
                .u32(GgufBytes.U32)
                .u32(4)
                .tensor(tensor, 0, 0, 1)
                .align(32)
                .u32(Float.floatToRawIntBits(index));
        Files.write(part(index), bytes.toByteArray());
    }

    @Test
    void readsTheTensorsOfAllParts() throws IOException {
        try (GgufFile file = GgufFile.open(part(0))) {
            assertThat(file.tensors().keySet()).containsExactly("t0", "t1", "t2", "t3");
            assertThat(file.tensor("t3").orElseThrow().type()).isEqualTo(TensorType.F32);
            assertThat(file.tensor("t3").orElseThrow().data().get(ValueLayout.JAVA_FLOAT, 0))
                    .isEqualTo(3);
        }
    }

    @Test
    void namesAllPartsThatAreMissing() throws IOException {
        Files.delete(part(1));
        Files.delete(part(3));
        assertRefused(0, "2 of its 4 parts are missing: model-00002-of-00004.gguf, model-00004-of-00004.gguf");
    }

    @Test
    void namesTheFirstPartToWhoeverOpensAnother() {
        assertRefused(2, "it is part 3 of 4: open the first, " + part(0));
    }

    @Test
    void refusesPartsThatDoNotBelongTogether() throws IOException {
        write(2, 5, "t2");
        assertRefused(0, "00003-of-00004.gguf: split.count is 5, not 4");
        write(2, 4, "t1");
        assertRefused(0, "00003-of-00004.gguf: tensor t1 is in another part too");
        Files.copy(part(1), part(2), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(0, "00003-of-00004.gguf: split.no is 1, not 2");
    }

    @Test
    void refusesANameThatDoesNotLeadToTheOthers() throws IOException {
        Path renamed = Files.move(part(0), directory.resolve("model.gguf"));
        assertThatThrownBy(() -> GgufFile.open(renamed))
                .hasMessageEndingWith("it is one of 4 parts, so its name must end with -00001-of-00004.gguf");
    }

    private void assertRefused(int part, String message) {
        assertThatThrownBy(() -> GgufFile.open(part(part)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
