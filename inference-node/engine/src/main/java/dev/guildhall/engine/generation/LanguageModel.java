package dev.guildhall.engine.generation;

import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Decoders;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.tokenizer.ChatTemplate;
import dev.guildhall.engine.tokenizer.ModelText;
import dev.guildhall.engine.tokenizer.TokenKind;
import dev.guildhall.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model that answers: many callers at once, on one decoder. */
public final class LanguageModel implements AutoCloseable {

    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final @Nullable ChatTemplate chatTemplate;
    private final RopeFactors ropeFactors;
    private final Scheduler scheduler;
    private final Constraints constraints;

    private LanguageModel(
            Decoder decoder, Tokenizer tokenizer, @Nullable ChatTemplate chatTemplate, LoadOptions options) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.chatTemplate = chatTemplate;
        ModelConfig config = decoder.config();
        ropeFactors = new RopeFactors(config, options.ropeFactors(), options.contextTokens());
        constraints = new Constraints(tokenizer);
        scheduler = new Scheduler(decoder, options, ropeFactors, usable(tokenizer, config.vocabularySize()));
    }

    /**
     * Loads a GGUF file, or a directory of the hub.
     *
     * @throws dev.guildhall.engine.model.MemoryLimitException when weights and one context of the length asked for do not fit
     */
    public static LanguageModel load(Path file, LoadOptions options) throws IOException {
        ModelText text = ModelText.load(file);
        Tokenizer tokenizer = text.tokenizer();
        long tokens = Math.max(options.contextTokens(), options.cachedTokensMax());
        Decoder decoder = Decoders.load(file, options.backend(), options.threads(), tokens, options.cacheType());
        try {
            if (tokenizer.vocabularySize() > decoder.config().vocabularySize()) {
                throw new ModelFormatException(
                        file,
                        "the vocabulary has %,d tokens, the output matrix only %,d rows: they are of different models"
                                .formatted(
                                        tokenizer.vocabularySize(),
                                        decoder.config().vocabularySize()));
            }
            return of(decoder, tokenizer, text.chatTemplate().orElse(null), options);
        } catch (Throwable failure) {
            decoder.close();
            throw failure;
        }
    }

    /** A model out of its parts; closes the decoder when it is closed. */
    public static LanguageModel of(
            Decoder decoder, Tokenizer tokenizer, @Nullable ChatTemplate chatTemplate, LoadOptions options) {
        return new LanguageModel(decoder, tokenizer, chatTemplate, options);
    }

    /** Rows of the output matrix beyond the vocabulary, and padding within it, were never trained. */
    private static long[] usable(Tokenizer tokenizer, int rows) {
        int tokens = Math.min(tokenizer.vocabularySize(), rows);
        long[] usable = new long[(tokens + 63) / 64];
        for (int token = 0; token < tokens; token++) {
            if (tokenizer.kind(token) != TokenKind.UNUSED) {
                usable[token >> 6] |= 1L << token;
            }
        }
        return usable;
    }

    public ModelConfig config() {
        return decoder.config();
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** How the model wants conversations written, if its file says so. */
    public Optional<ChatTemplate> chatTemplate() {
        return Optional.ofNullable(chatTemplate);
    }

    /** Longest prompt and answer together: what was asked for at loading, within what the model can be stretched to. */
    public int contextTokens() {
        return ropeFactors.contextTokens();
    }

    /** Requests that are being answered. */
    public int runningCount() {
        return scheduler.runningCount();
    }

    /** Requests that wait for their turn. */
    public int waitingCount() {
        return scheduler.waitingCount();
    }

    /**
     * Answers that are valid against a JSON schema.
     *
     * @throws dev.guildhall.engine.generation.grammar.SchemaException naming what is not supported
     */
    public TokenConstraint jsonSchema(String schema) {
        return constraints.jsonSchema(schema);
    }

    /** Answers that are a JSON object of any kind. */
    public TokenConstraint jsonObject() {
        return constraints.jsonObject();
    }

    /** What the model is doing, and what it has done since it was loaded. */
    public ModelStatistics statistics() {
        return scheduler.statistics();
    }

    /**
     * Answers that match a regular expression as a whole.
     *
     * @throws dev.guildhall.engine.generation.grammar.SchemaException naming what is not supported
     */
    public TokenConstraint regex(String pattern) {
        return constraints.regex(pattern);
    }

    /** Answers that are one of {@code texts}. */
    public TokenConstraint choice(List<String> texts) {
        return constraints.choice(texts);
    }

    /**
     * Puts a request in the queue.
     *
     * @throws ContextLimitException when prompt and answer do not fit the context, stretched as it may be
     * @throws QueueFullException when as many wait as may
     */
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        return submit(request, List.of(listener)).getFirst();
    }

    /**
     * Puts a request in the queue that wants as many answers as there are listeners. Their seeds follow each other; the
     * prompt is computed once. Either all are accepted or none.
     *
     * @throws ContextLimitException when prompt and answer do not fit the context, stretched as it may be
     * @throws QueueFullException when there is no room for all of them
     */
    public List<Generation> submit(GenerationRequest request, List<GenerationListener> listeners) {
        check(request);
        int promptTokens = request.prompt().length;
        int tokensMax = request.ending().tokensMax();
        long tokensWanted = (long) promptTokens + Math.max(1, tokensMax);
        double ropeFactor = ropeFactors.choose(request.variant().ropeFactor(), tokensWanted);
        int contextTokens = ropeFactors.contextTokens(ropeFactor);
        int left = contextTokens - promptTokens;
        int answerTokensMax = tokensMax == 0 ? left : tokensMax;
        if (left < 1 || answerTokensMax > left) {
            throw new ContextLimitException(promptTokens, answerTokensMax, contextTokens);
        }
        List<Generation> generations = new ArrayList<>(listeners.size());
        List<Sequence> sequences = new ArrayList<>(listeners.size());
        for (GenerationListener listener : listeners) {
            SamplingOptions sampling = request.sampling();
            GenerationRequest choice = request.withSampling(sampling.withSeed(sampling.seed() + sequences.size()));
            Generation generation = new Generation();
            generations.add(generation);
            sequences.add(new Sequence(choice, answerTokensMax, ropeFactor, listener, generation, tokenizer));
        }
        scheduler.submit(sequences);
        return generations;
    }

    private void check(GenerationRequest request) {
        IntStream.of(request.prompt()).forEach(this::checkToken);
        request.ending().stopTokens().forEach(this::checkToken);
        request.sampling().logitBias().keySet().forEach(this::checkToken);
        String adapter = request.variant().adapter();
        if (!adapter.isEmpty()) {
            throw new IllegalArgumentException(
                    "adapter %s is unknown; this model was loaded without any".formatted(adapter));
        }
    }

    private void checkToken(int token) {
        if (token < 0 || token >= tokenizer.vocabularySize()) {
            throw new IllegalArgumentException(
                    "token %d is outside the vocabulary of %,d tokens".formatted(token, tokenizer.vocabularySize()));
        }
    }

    /** Puts a request in the queue and waits for its answer. */
    public GenerationResult generate(GenerationRequest request, GenerationListener listener)
            throws InterruptedException {
        return submit(request, listener).await();
    }

    /** Ends all requests, then frees the model. */
    @Override
    public void close() {
        scheduler.close();
        decoder.close();
    }
}
