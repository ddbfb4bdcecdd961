package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.generation.grammar.TokenConstraint;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.LogitsWanted;
import dev.guildhall.engine.tokenizer.Tokenizer;
import dev.guildhall.engine.tokenizer.Utf8Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** One request while it is answered. Touched by the decoding thread only, once it has left the queue. */
final class Sequence {

    private final GenerationRequest request;
    private final GenerationListener listener;
    private final Generation generation;
    private final Tokenizer tokenizer;
    private final int answerTokensMax;
    private final double ropeFactor;
    private final long submittedNanos;

    private final Sampler sampler;
    private final TokenConstraint.@Nullable Progress progress;
    private final Utf8Stream utf8 = new Utf8Stream();
    private final StopStrings stops;
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprobs> logprobs = new ArrayList<>();

    private int[] tokens; // the prompt, then the answer
    private int tokenCount;
    private @Nullable KvCache cache;
    private int cachedTokens;
    private long startedNanos;
    private long firstTokenNanos;

    Sequence(
            GenerationRequest request,
            int answerTokensMax,
            double ropeFactor,
            GenerationListener listener,
            Generation generation,
            Tokenizer tokenizer) {
        this.request = request;
        this.answerTokensMax = answerTokensMax;
        this.ropeFactor = ropeFactor;
        this.listener = listener;
        this.generation = generation;
        this.tokenizer = tokenizer;
        this.submittedNanos = System.nanoTime();
        this.sampler = new Sampler(request.sampling());
        this.progress =
                request.constraint() == null ? null : request.constraint().begin();
        this.stops = new StopStrings(request.ending().stop());
        this.tokens = request.prompt();
        this.tokenCount = tokens.length;
    }

    String caller() {
        return request.origin().caller();
    }

    String cacheSalt() {
        return request.origin().cacheSalt();
    }

    double ropeFactor() {
        return ropeFactor;
    }

    int[] prompt() {
        return request.prompt();
    }

    /** Most tokens that its cache will come to hold. */
    int tokensMax() {
        return request.prompt().length + answerTokensMax;
    }

    boolean isCancelled() {
        return generation.isCancelled();
    }

    void start(KvCache ownCache) {
        cache = ownCache;
        cachedTokens = ownCache.length();
        startedNanos = System.nanoTime();
        for (int token : request.prompt()) {
            sampler.observePrompt(token);
        }
        listener.started(request.prompt().length, cachedTokens);
    }

    /** The tokens to decode next, at most {@code tokensMax} of them. */
    Decoder.Slice nextSlice(int tokensMax) {
        KvCache ownCache = ownCache();
        int from = ownCache.length();
        int to = Math.min(tokenCount, from + tokensMax);
        return new Decoder.Slice(
                ownCache,
                Arrays.copyOfRange(tokens, from, to),
                to == tokenCount ? LogitsWanted.LAST : LogitsWanted.NONE);
    }

    /**
     * Goes on by one token.
     *
     * @param logits after its last token
     * @param usable the tokens that the model was trained on
     * @return whether the answer is finished
     */
    boolean advance(float[] logits, long[] usable) {
        float[] raw = wantsLogprobs() ? logits.clone() : logits; // the sampler changes them
        int token = sampler.sample(logits, progress == null ? usable : progress.allowed());
        if (firstTokenNanos == 0) {
            firstTokenNanos = System.nanoTime();
        }
        if (tokenizer.endOfGeneration().contains(token)
                || request.ending().stopTokens().contains(token)) {
            return finish(FinishReason.STOP);
        }
        add(token);
        TokenLogprobs tokenLogprobs = null;
        if (wantsLogprobs()) {
            tokenLogprobs = TokenLogprobs.of(raw, token, request.topLogprobs(), usable);
            logprobs.add(tokenLogprobs);
        }
        listener.token(token, tokenLogprobs);
        if (!tokenizer.isControl(token)) {
            emit(stops.accept(utf8.accept(tokenizer.bytes(token))));
        }
        if (progress != null) {
            progress.accept(token);
        }
        if (stops.isStopped() || (progress != null && progress.isFinished())) {
            return finish(FinishReason.STOP);
        }
        return tokenCount == tokensMax() && finish(FinishReason.LENGTH);
    }

    private boolean wantsLogprobs() {
        return request.topLogprobs() != GenerationRequest.NO_LOGPROBS;
    }

    private void add(int token) {
        if (tokenCount == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(tokensMax(), tokenCount + tokenCount / 2 + 64));
        }
        tokens[tokenCount++] = token;
        sampler.observeAnswer(token);
    }

    private void emit(String piece) {
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.text(piece);
        }
    }

    private boolean finish(FinishReason reason) {
        emit(stops.accept(utf8.finish()));
        emit(stops.finish());
        long now = System.nanoTime();
        generation.finish(new GenerationResult(
                text.toString(),
                Arrays.stream(tokens, request.prompt().length, tokenCount)
                        .boxed()
                        .toList(),
                logprobs,
                reason,
                request.prompt().length,
                cachedTokens,
                Duration.ofNanos(startedNanos - submittedNanos),
                Duration.ofNanos(firstTokenNanos - startedNanos),
                Duration.ofNanos(now - firstTokenNanos)));
        return true;
    }

    void cancel() {
        generation.fail(new CancellationException("the request was cancelled"));
    }

    void fail(Throwable reason) {
        generation.fail(reason);
    }

    /** Leaves the cache for later requests. */
    void leaveCache(PrefixCaches caches) {
        caches.keep(ownCache(), tokens, cacheSalt());
        cache = null;
    }

    void dropCache() {
        if (cache != null) {
            cache.close();
            cache = null;
        }
    }

    private KvCache ownCache() {
        return Objects.requireNonNull(cache, "the request has not started");
    }
}
