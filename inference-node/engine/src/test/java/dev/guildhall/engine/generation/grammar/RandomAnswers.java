package dev.guildhall.engine.generation.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;

/** Answers of the worst model there can be: it picks any token that is allowed. */
final class RandomAnswers {

    private static final int TOKENS_MAX = 600;

    private RandomAnswers() {}

    /** The text of one answer; empty where it took too long to come to an end. */
    static String write(TokenConstraint constraint, Tokenizer tokenizer, Random random) {
        TokenConstraint.Progress progress = constraint.begin();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int count = 0; count < TOKENS_MAX; count++) {
            if (progress.isFinished()) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
            int token = pick(BitSet.valueOf(progress.allowed()), tokenizer, random);
            assertThat(token)
                    .as("a token after %s", bytes.toString(StandardCharsets.UTF_8))
                    .isNotNegative();
            if (tokenizer.endOfGeneration().contains(token)) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
            progress.accept(token);
            bytes.writeBytes(tokenizer.bytes(token));
        }
        return "";
    }

    /** Often a way out, or free strings would hardly ever end. */
    private static int pick(BitSet allowed, Tokenizer tokenizer, Random random) {
        int picked = -1;
        int seen = 0;
        for (int token = allowed.nextSetBit(0); token >= 0; token = allowed.nextSetBit(token + 1)) {
            boolean ends = tokenizer.endOfGeneration().contains(token) || closes(tokenizer.bytes(token));
            if (ends && random.nextInt(3) == 0) {
                return token;
            }
            if (random.nextInt(++seen) == 0) {
                picked = token;
            }
        }
        return picked;
    }

    private static boolean closes(byte[] token) {
        return token.length == 1 && "\"}]".indexOf(token[0]) >= 0;
    }
}
