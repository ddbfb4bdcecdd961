package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.BlockPool;
import dev.guildhall.engine.cache.CacheScope;
import dev.guildhall.engine.cache.ChainKey;
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
    private long number;
    private int cachedTokens;
    private long startedNanos;
    private long firstTokenNanos;
    private @Nullable FinishReason finishReason;

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

    /** Its place among all requests, by which the younger of two is told. */
    void number(long place) {
        number = place;
    }

    long number() {
        return number;
    }

    String caller() {
        return request.origin().caller();
    }

    CacheScope scope() {
        return new CacheScope(
                request.variant().adapter(), ropeFactor, request.origin().cacheSalt());
    }

    double ropeFactor() {
        return ropeFactor;
    }

    /** The prompt, then the answer as far as it is there; room may follow. */
    int[] tokens() {
        return tokens;
    }

    int tokenCount() {
        return tokenCount;
    }

    boolean isCancelled() {
        return generation.isCancelled();
    }

    /** Whether it was running before. */
    boolean isResumed() {
        return startedNanos != 0;
    }

    /** @param ownCache with the beginning of its tokens, if that was computed before */
    void start(KvCache ownCache) {
        cache = ownCache;
        if (isResumed()) {
            return;
        }
        cachedTokens = ownCache.length();
        startedNanos = System.nanoTime();
        for (int token : request.prompt()) {
            sampler.observePrompt(token);
        }
        listener.started(request.prompt().length, cachedTokens);
    }

    /** Tokens that are to be decoded before the answer goes on. */
    int pending() {
        return tokenCount - ownCache().length();
    }

    /** Takes over what others have computed of its prompt in the meantime. */
    int adopt() {
        boolean prefill = firstTokenNanos == 0;
        int adopted = pending() > 1 ? ownCache().adopt(tokens, tokenCount - 1) : 0;
        cachedTokens += prefill ? adopted : 0;
        return prefill ? adopted : 0;
    }

    /** At most {@code most} of the pending tokens, up to the end of a block where that is possible. */
    int chunk(int most) {
        int from = ownCache().length();
        int to = Math.min(tokenCount, from + most);
        int wholeBlocks = to / BlockPool.POSITIONS * BlockPool.POSITIONS;
        return (to < tokenCount && wholeBlocks > from ? wholeBlocks : to) - from;
    }

    List<ChainKey> nextBlocks(int count) {
        return ownCache().nextBlocks(tokens, ownCache().length() + count);
    }

    int blocksNeeded() {
        return blocksNeeded(ownCache());
    }

    /** Blocks that the cache lacks for all tokens and one more. */
    int blocksNeeded(KvCache of) {
        int copied = of.length() % BlockPool.POSITIONS == 0 ? 0 : 1;
        return Math.max(0, BlockPool.blocks(tokenCount + 1L) - of.blockCount() + copied);
    }

    boolean reserve(int count) {
        return ownCache().reserve(count);
    }

    Decoder.Slice slice(int count) {
        int from = ownCache().length();
        return new Decoder.Slice(
                ownCache(),
                Arrays.copyOfRange(tokens, from, from + count),
                from + count == tokenCount ? LogitsWanted.LAST : LogitsWanted.NONE);
    }

    /** Lets others find what was computed. */
    void remember() {
        ownCache().remember(tokens);
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
            return end(FinishReason.STOP);
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
            return end(FinishReason.STOP);
        }
        return tokenCount == tokensMax() && end(FinishReason.LENGTH);
    }

    private boolean wantsLogprobs() {
        return request.topLogprobs() != GenerationRequest.NO_LOGPROBS;
    }

    /** Most tokens that it will come to have. */
    private int tokensMax() {
        return request.prompt().length + answerTokensMax;
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

    private boolean end(FinishReason reason) {
        emit(stops.accept(utf8.finish()));
        emit(stops.finish());
        finishReason = reason;
        return true;
    }

    /** Hands over the answer that is finished. */
    void finish() {
        long now = System.nanoTime();
        int promptTokens = request.prompt().length;
        generation.finish(new GenerationResult(
                text.toString(),
                Arrays.stream(tokens, promptTokens, tokenCount).boxed().toList(),
                logprobs,
                Objects.requireNonNull(finishReason, "the answer is not finished"),
                promptTokens,
                cachedTokens,
                Duration.ofNanos(startedNanos - submittedNanos),
                Duration.ofNanos(firstTokenNanos - startedNanos),
                Duration.ofNanos(now - firstTokenNanos)));
    }

    void cancel() {
        generation.fail(new CancellationException("the request was cancelled"));
    }

    void fail(Throwable reason) {
        generation.fail(reason);
    }

    /** Gives the cache back; later requests, or itself, find what is in it. */
    void leaveCache() {
        ownCache().close(tokens);
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
