package dev.guildhall.engine.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.model.Backend;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Decoders;
import dev.guildhall.engine.model.LogitsWanted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What models say to the same tokens. */
final class Answers {

    static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static final int[] TOKENS = {17, 3, 77, 29, 5, 5, 81, 40, 12, 64};

    private Answers() {}

    /** Largest difference of two models' logits, as a share of the largest logit. */
    static double difference(Path one, Path other) throws IOException {
        float[][] expected = logits(one);
        float[][] actual = logits(other);
        double difference = 0;
        double largest = 0;
        for (int token = 0; token < expected.length; token++) {
            assertThat(actual[token]).hasSameSizeAs(expected[token]);
            for (int i = 0; i < expected[token].length; i++) {
                difference = Math.max(difference, Math.abs(actual[token][i] - expected[token][i]));
                largest = Math.max(largest, Math.abs(expected[token][i]));
            }
        }
        assertThat(largest).isPositive();
        return difference / largest;
    }

    private static float[][] logits(Path model) throws IOException {
        try (Decoder decoder = Decoders.load(model, Backend.VECTOR, 1);
                KvCache cache = decoder.openCache(TOKENS.length)) {
            var logits = decoder.decode(List.of(new Decoder.Slice(cache, TOKENS, LogitsWanted.ALL)));
            float[][] rows = new float[TOKENS.length][];
            for (int token = 0; token < rows.length; token++) {
                rows[token] = logits.row(0, token).clone();
            }
            return rows;
        }
    }
}
