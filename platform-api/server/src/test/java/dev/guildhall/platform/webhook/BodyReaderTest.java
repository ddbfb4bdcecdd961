package dev.guildhall.platform.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class BodyReaderTest {

    private static final int MAX = 100_000;

    private final BodyReader reader = new BodyReader(DataSize.ofBytes(MAX), DataSize.ofBytes(2 * MAX));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, MAX})
    void readsUpToTheLimit(int size) throws IOException {
        byte[] bytes = new byte[size];
        try (BodyReader.Body body = reader.read(new ByteArrayInputStream(bytes), -1)) {
            assertThat(body.bytes()).isEqualTo(bytes);
        }
    }

    @Test
    void refusesOneByteMoreWhateverIsAnnounced() {
        for (long announced : new long[] {-1, 10, MAX + 1}) {
            assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(new byte[MAX + 1]), announced))
                    .isInstanceOfSatisfying(
                            GuildhallException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ErrorCode.BODY_TOO_LARGE))
                    .hasMessageContaining("100000 bytes");
        }
    }

    @Test
    void refusesWhatMemoryIsNotThereForAndTakesItOnceItIs() throws IOException {
        BodyReader.Body first = reader.read(new ByteArrayInputStream(new byte[MAX]), MAX);
        BodyReader.Body second = reader.read(new ByteArrayInputStream(new byte[MAX - 40_000]), -1);
        assertThatThrownBy(() -> reader.read(new ByteArrayInputStream(new byte[MAX]), MAX))
                .isInstanceOfSatisfying(
                        GuildhallException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.TOO_BUSY));
        first.close();
        second.close();
        try (BodyReader.Body third = reader.read(new ByteArrayInputStream(new byte[MAX]), MAX)) {
            assertThat(third.bytes()).hasSize(MAX);
        }
    }
}
