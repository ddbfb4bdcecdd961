package dev.guildhall.engine.tokenizer;

import dev.guildhall.engine.format.ModelFormatException;
import java.util.List;

/** The vocabularies of GGUF files. */
final class Tokenizers {

    private Tokenizers() {}

    static Tokenizer fromGguf(Metadata metadata) throws ModelFormatException {
        String model = metadata.string("tokenizer.ggml.model");
        return switch (model) {
            case "gpt2" ->
                ByteLevelBpe.of(
                        Vocabulary.fromGguf(metadata),
                        metadata.strings("tokenizer.ggml.merges"),
                        PreTokenizer.named(metadata));
            case "llama" -> sentencePiece(metadata);
            default ->
                throw metadata.refusal(
                        "tokenizer.ggml.model is \"%s\"; supported are gpt2 (byte-level BPE) and llama (SentencePiece's BPE)"
                                .formatted(model));
        };
    }

    private static Tokenizer sentencePiece(Metadata metadata) throws ModelFormatException {
        Vocabulary vocabulary = Vocabulary.fromGguf(metadata);
        List<Double> scores = metadata.reals("tokenizer.ggml.scores");
        if (scores.size() != vocabulary.tokens().size()) {
            throw metadata.refusal("tokenizer.ggml.tokens has %d entries, tokenizer.ggml.scores %d"
                    .formatted(vocabulary.tokens().size(), scores.size()));
        }
        boolean leading =
                !metadata.has("tokenizer.ggml.add_space_prefix") || metadata.flag("tokenizer.ggml.add_space_prefix");
        return SentencePieceBpe.ofScores(
                vocabulary,
                scores,
                leading ? SentencePieceBpe.LeadingSpace.ALWAYS : SentencePieceBpe.LeadingSpace.NEVER);
    }
}
