package dev.guildhall.engine.generation;

import dev.guildhall.engine.cache.BlockPool;
import dev.guildhall.engine.cache.KvCache;
import dev.guildhall.engine.model.Decoder;
import dev.guildhall.engine.model.Logits;
import dev.guildhall.engine.model.LogitsWanted;
import dev.guildhall.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that calls the decoder. In each round every running answer goes on by a token, and prompts by what is left
 * of the round. A request starts when its prompt fits the cache; what its answer takes is found on the way, if need be by
 * sending the youngest request back to the queue.
 */
final class Scheduler implements AutoCloseable {

    /** Prompt tokens in one round: many while nobody waits for a token, few when someone does. */
    private static final int PROMPT_TOKENS_ALONE = 512;

    private static final int PROMPT_TOKENS_SHARED = 128;

    private final Decoder decoder;
    private final int sequencesMax;
    private final int waitingMax;
    private final RopeFactors ropeFactors;
    private final long[] usable;
    private final Thread thread;

    private final Object lock = new Object();
    private final FairQueue waiting = new FairQueue(); // guarded by lock
    private final Pace pace = new Pace(); // guarded by lock
    private long submitted; // guarded by lock
    private boolean closing; // guarded by lock

    // Of the thread alone.
    private final List<Sequence> running = new ArrayList<>(); // oldest first
    private final BlockPool pool;
    private final PromptShares promptShares = new PromptShares();

    private volatile int runningCount;
    private volatile double cacheUsage;
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder cachedPromptTokens = new LongAdder();
    private final LongAdder answerTokens = new LongAdder();
    private final LongAdder preemptions = new LongAdder();

    Scheduler(Decoder decoder, LoadOptions options, RopeFactors ropeFactors, long[] usable) {
        this.decoder = decoder;
        this.sequencesMax = options.sequencesMax();
        this.waitingMax = options.waitingMax();
        this.ropeFactors = ropeFactors;
        this.usable = usable;
        int contextTokens = ropeFactors.contextTokens();
        int cachedTokensMax = Math.max(contextTokens, options.cachedTokensMax());
        ModelConfig config = decoder.config();
        this.pool = new BlockPool(
                config.layers(), config.attention().cache(), options.cacheType(), BlockPool.blocks(cachedTokensMax));
        this.thread = Thread.ofPlatform().name("decode").daemon().start(this::run);
    }

    /** Takes all of them or none. */
    void submit(List<Sequence> sequences) {
        synchronized (lock) {
            if (closing) {
                throw new GenerationFailedException("the model is being unloaded");
            }
            waiting.pollCancelled().forEach(Sequence::cancel);
            // Those that will start at once do not wait.
            int starting = Math.max(0, sequencesMax - runningCount);
            if (waiting.size() + sequences.size() > waitingMax + starting) {
                throw new QueueFullException(waiting.size(), pace.until(Math.max(1, waiting.size() / 2)));
            }
            for (Sequence sequence : sequences) {
                sequence.number(submitted++);
                waiting.add(sequence);
            }
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
                cacheUsage,
                promptTokens.sum(),
                cachedPromptTokens.sum(),
                preemptions.sum(),
                promptTokens.sum(),
                answerTokens.sum());
    }

    private void run() {
        while (awaitWork()) {
            dropCancelled();
            admit();
            if (!running.isEmpty()) {
                try {
                    round();
                } catch (Throwable failure) {
                    failRunning(failure);
                }
            }
            publish();
        }
        Throwable unloaded = new GenerationFailedException("the model is being unloaded");
        failRunning(unloaded);
        synchronized (lock) {
            for (Sequence sequence = waiting.poll(); sequence != null; sequence = waiting.poll()) {
                sequence.fail(unloaded);
            }
        }
    }

    private void publish() {
        cacheUsage = 1 - (double) pool.free() / pool.blocksMax();
        runningCount = running.size();
    }

    /** False when it is time to end. */
    private boolean awaitWork() {
        synchronized (lock) {
            while (running.isEmpty() && waiting.size() == 0 && !closing) {
                try {
                    lock.wait();
                } catch (InterruptedException _) {
                    closing = true;
                }
            }
            return !closing;
        }
    }

    private void dropCancelled() {
        synchronized (lock) {
            waiting.pollCancelled().forEach(Sequence::cancel);
        }
        for (Iterator<Sequence> all = running.iterator(); all.hasNext(); ) {
            Sequence sequence = all.next();
            if (sequence.isCancelled()) {
                all.remove();
                sequence.leaveCache();
                sequence.cancel();
            }
        }
    }

    /** Starts those whose turn it is, as long as there is room. */
    private void admit() {
        while (running.size() < sequencesMax) {
            Sequence next = pollWaiting();
            if (next == null) {
                return;
            }
            try {
                if (!start(next)) {
                    synchronized (lock) {
                        waiting.addFirst(next);
                    }
                    return;
                }
            } catch (RuntimeException failure) {
                end(next, failure);
            }
            publish();
        }
    }

    private @Nullable Sequence pollWaiting() {
        synchronized (lock) {
            return waiting.poll();
        }
    }

    /** False when the prompt and a first token do not fit beside what running requests hold, and their prompts still need. */
    private boolean start(Sequence sequence) {
        KvCache cache = new KvCache(pool, sequence.scope(), ropeFactors.contextTokens(sequence.ropeFactor()));
        int cached = cache.adopt(sequence.tokens(), sequence.tokenCount() - 1);
        int needed = sequence.blocksNeeded(cache);
        int promised = 0;
        for (Sequence other : running) {
            promised += other.blocksNeeded();
        }
        if (!running.isEmpty() && needed > pool.free() - promised) {
            cache.close();
            return false;
        }
        running.add(sequence);
        running.sort(Comparator.comparingLong(Sequence::number));
        if (!sequence.isResumed()) {
            promptTokens.add(sequence.tokenCount());
            cachedPromptTokens.add(cached);
        }
        sequence.start(cache);
        return true;
    }

    private void round() {
        List<Sequence> prompts = new ArrayList<>();
        for (Sequence sequence : running) {
            cachedPromptTokens.add(sequence.adopt());
            if (sequence.pending() > 1) {
                prompts.add(sequence);
            }
        }
        boolean alone = prompts.size() == running.size();
        Map<Sequence, Integer> shares =
                promptShares.divide(prompts, alone ? PROMPT_TOKENS_ALONE : PROMPT_TOKENS_SHARED);

        List<Sequence> going = new ArrayList<>(running.size());
        List<Decoder.Slice> batch = new ArrayList<>(running.size());
        for (int i = 0; i < running.size(); i++) {
            Sequence sequence = running.get(i);
            int count = sequence.pending() == 1 ? 1 : shares.getOrDefault(sequence, 0);
            if (count > 0 && reserve(sequence, count)) {
                going.add(sequence);
                batch.add(sequence.slice(count));
            }
        }
        if (!batch.isEmpty()) {
            advance(going, batch, decoder.decode(batch));
        }
    }

    /** Finds memory for a sequence, at the cost of the youngest; false when that is the sequence itself. */
    private boolean reserve(Sequence sequence, int tokens) {
        while (!sequence.reserve(tokens)) {
            Sequence youngest = running.removeLast();
            if (running.isEmpty()) {
                end(youngest, new GenerationFailedException("the memory for keys and values is too small"));
                return false;
            }
            preemptions.increment();
            youngest.leaveCache();
            synchronized (lock) {
                waiting.addFirst(youngest);
            }
            if (youngest == sequence) {
                return false;
            }
        }
        return true;
    }

    private void advance(List<Sequence> going, List<Decoder.Slice> batch, Logits logits) {
        for (int i = 0; i < batch.size(); i++) {
            Sequence sequence = going.get(i);
            sequence.remember();
            if (batch.get(i).wanted() == LogitsWanted.NONE) {
                continue;
            }
            answerTokens.increment();
            try {
                if (sequence.advance(logits.last(i), usable)) {
                    running.remove(sequence);
                    sequence.leaveCache();
                    publish();
                    sequence.finish();
                    noteEnd();
                }
            } catch (RuntimeException failure) {
                running.remove(sequence);
                end(sequence, failure);
            }
        }
    }

    private void noteEnd() {
        synchronized (lock) {
            pace.ended(System.nanoTime());
        }
    }

    private void failRunning(Throwable failure) {
        running.forEach(sequence -> end(sequence, failure));
        running.clear();
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
