package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Logits;
import dev.guildhall.engine.model.LogitsWanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that calls the decoder. In each round every running request goes on: by one token of its answer, or by
 * a chunk of its prompt. A request starts when fewer than the most are running and the tokens it may come to hold fit
 * beside those of the others.
 */
final class Scheduler implements AutoCloseable {

    /** Prompt tokens in one round: many while nobody waits for a token, few when someone does. */
    private static final int CHUNK_TOKENS_ALONE = 512;

    private static final int CHUNK_TOKENS_SHARED = 64;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Decoder decoder;
    private final int sequencesMax;
    private final int waitingMax;
    private final int cachedTokensMax;
    private final RopeFactors ropeFactors;
    private final long[] usable;
    private final Thread thread;

    private final Object lock = new Object();
    private final FairQueue waiting = new FairQueue(); // guarded by lock
    private boolean closing; // guarded by lock
    private volatile int runningCount;
    private volatile int runningTokens;
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder cachedPromptTokens = new LongAdder();
    private final LongAdder answerTokens = new LongAdder();

    // Of the thread alone.
    private final List<Sequence> running = new ArrayList<>();
    private final PrefixCaches caches = new PrefixCaches();

    Scheduler(Decoder decoder, LoadOptions options, RopeFactors ropeFactors, long[] usable) {
        this.decoder = decoder;
        this.sequencesMax = options.sequencesMax();
        this.waitingMax = options.waitingMax();
        this.ropeFactors = ropeFactors;
        int contextTokens = ropeFactors.contextTokens();
        this.cachedTokensMax = options.cachedTokensMax() == 0
                ? (int) Math.min(Integer.MAX_VALUE, 2L * contextTokens)
                : Math.max(contextTokens, options.cachedTokensMax());
        this.usable = usable;
        this.thread = Thread.ofPlatform().name("decode").daemon().start(this::run);
    }

    /** Takes all of them or none. */
    void submit(List<Sequence> sequences) {
        synchronized (lock) {
            if (closing) {
                throw new GenerationFailedException("the model is being unloaded");
            }
            // Those that will start at once do not wait.
            int starting = Math.max(0, sequencesMax - runningCount);
            if (waiting.size() + sequences.size() > waitingMax + starting) {
                throw new QueueFullException(waiting.size(), RETRY_AFTER);
            }
            sequences.forEach(waiting::add);
            lock.notifyAll();
        }
    }

    int runningCount() {
        return runningCount;
    }

    int waitingCount() {
        synchronized (lock) {
            return waiting.size();
        }
    }

    ModelStatistics statistics() {
        return new ModelStatistics(
                runningCount,
                waitingCount(),
                (double) runningTokens / cachedTokensMax,
                promptTokens.sum(),
                cachedPromptTokens.sum(),
                0,
                promptTokens.sum(),
                answerTokens.sum());
    }

    private void run() {
        while (admit()) {
            dropCancelled();
            if (!running.isEmpty()) {
                try {
                    round();
                } catch (Throwable failure) {
                    failAll(failure);
                }
            }
            runningTokens = reservedTokens();
            runningCount = running.size();
        }
        failAll(new GenerationFailedException("the model is being unloaded"));
        caches.shrink(0);
    }

    /** Starts what may start; waits while there is nothing to do. False when it is time to end. */
    private boolean admit() {
        while (running.size() < sequencesMax) {
            Sequence next = nextThatFits();
            if (next == null) {
                break;
            }
            if (next.isCancelled()) {
                next.cancel();
                continue;
            }
            try {
                KvCache cache = caches.take(next, decoder, ropeFactors.contextTokens(next.ropeFactor()));
                caches.shrink(Math.max(0, cachedTokensMax - reservedTokens() - next.tokensMax()));
                promptTokens.add(next.prompt().length);
                cachedPromptTokens.add(cache.length());
                next.start(cache);
                running.add(next);
            } catch (Throwable failure) {
                end(next, failure);
            }
            runningCount = running.size();
        }
        synchronized (lock) {
            return !closing;
        }
    }

    /** The next request whose turn it is; null when it must wait for others to end. Waits when nothing is running. */
    private @Nullable Sequence nextThatFits() {
        synchronized (lock) {
            while (running.isEmpty() && waiting.peek() == null && !closing) {
                try {
                    lock.wait();
                } catch (InterruptedException _) {
                    closing = true;
                }
            }
            Sequence next = waiting.peek();
            if (next == null || closing) {
                return null;
            }
            boolean fits = running.isEmpty() || reservedTokens() + (long) next.tokensMax() <= cachedTokensMax;
            return fits ? waiting.poll() : null;
        }
    }

    private int reservedTokens() {
        return running.stream().mapToInt(Sequence::tokensMax).sum();
    }

    private void dropCancelled() {
        for (Iterator<Sequence> all = running.iterator(); all.hasNext(); ) {
            Sequence sequence = all.next();
            if (sequence.isCancelled()) {
                all.remove();
                sequence.leaveCache(caches);
                sequence.cancel();
            }
        }
    }

    private void round() {
        int chunk = running.size() == 1 ? CHUNK_TOKENS_ALONE : CHUNK_TOKENS_SHARED;
        List<Decoder.Slice> batch = new ArrayList<>(running.size());
        for (Sequence sequence : running) {
            batch.add(sequence.nextSlice(chunk));
        }
        Logits logits = decoder.decode(batch);
        List<Sequence> ended = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).wanted() == LogitsWanted.NONE) {
                continue;
            }
            Sequence sequence = running.get(i);
            answerTokens.increment();
            try {
                if (sequence.advance(logits.last(i), usable)) {
                    ended.add(sequence);
                    sequence.leaveCache(caches);
                }
            } catch (RuntimeException failure) {
                ended.add(sequence);
                end(sequence, failure);
            }
        }
        running.removeAll(ended);
    }

    private void failAll(Throwable failure) {
        for (Sequence sequence : running) {
            end(sequence, failure);
        }
        running.clear();
        caches.shrink(0);
        synchronized (lock) {
            for (Sequence sequence = closing ? waiting.poll() : null; sequence != null; sequence = waiting.poll()) {
                sequence.fail(failure);
            }
        }
    }

    private static void end(Sequence sequence, Throwable failure) {
        sequence.dropCache();
        sequence.fail(
                failure instanceof GenerationFailedException
                        ? failure
                        : new GenerationFailedException("the engine failed: " + failure, failure));
    }

    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
