package dev.guildhall.indexer.indexing;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.indexer.chunk.Chunker;
import dev.guildhall.indexer.embed.EmbeddingFailedException;
import dev.guildhall.indexer.indexing.WorkQueue.Claim;
import dev.guildhall.indexer.source.Mirrors;
import dev.guildhall.indexer.source.UnreadableRepositoryException;
import dev.guildhall.indexer.store.CodeIndex;
import dev.guildhall.indexer.store.IndexEdition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Threads that take repositories from the queue and index them, one repository at a time each. */
final class IndexWorkers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(IndexWorkers.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final WorkQueue queue;
    private final IndexRun.Tools tools;
    private final IndexingSettings settings;
    private final Semaphore wakeUps = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    IndexWorkers(WorkQueue queue, IndexRun.Tools tools, IndexingSettings settings) {
        this.queue = queue;
        this.tools = tools;
        this.settings = settings;
    }

    /** Work was queued in this process: no need to wait for the next look. */
    void wakeUp() {
        wakeUps.release();
    }

    @Override
    public synchronized void start() {
        running = true;
        CodeIndex index = tools.index();
        Mirrors mirrors = tools.mirrors();
        mirrors.sweep(repositoryId -> index.repository(repositoryId).isPresent());
        index.repositoriesOfOtherEditions(new IndexEdition(tools.embedder().model(), Chunker.VERSION))
                .forEach(queue::request);
        for (int number = 1; number <= settings.workers(); number++) {
            threads.add(Thread.ofPlatform().name("index-worker-" + number).start(this::work));
        }
    }

    @Override
    public synchronized void stop() {
        running = false;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(STOP_MAX)) {
                    log.warn("{} did not stop within {}", thread.getName(), STOP_MAX);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void work() {
        while (running) {
            try {
                Optional<Claim> claim = queue.claim();
                if (claim.isEmpty()) {
                    await();
                    continue;
                }
                try (Claim held = claim.get()) {
                    work(held);
                }
                tools.index().removeUnused(settings.unusedContentKept());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (!running) {
                    return;
                }
                log.error("An index worker failed; it goes on after {}", settings.pollInterval(), e);
                pauseQuietly();
            }
        }
    }

    private void await() throws InterruptedException {
        if (wakeUps.tryAcquire(settings.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }

    private void pauseQuietly() {
        try {
            Thread.sleep(settings.pollInterval());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Claim claim) throws InterruptedException {
        Optional<RepositoryRef> repository = tools.index().repository(claim.repositoryId());
        if (repository.isEmpty()) {
            claim.finish();
            return;
        }
        IndexRun run = new IndexRun(tools, repository.get());
        try {
            run.run();
            claim.finish();
        } catch (UnreadableRepositoryException e) {
            log.warn("Indexing {} failed: {}", repository.get().name(), e.getMessage(), e);
            run.announceFailure(e.failure());
            claim.finish();
        } catch (EmbeddingFailedException e) {
            log.warn("Indexing {} failed: {}", repository.get().name(), e.getMessage(), e);
            run.announceFailure(e.failure());
            if (e.isPassing()) {
                repeatLater(claim);
            } else {
                claim.finish();
            }
        } catch (RuntimeException e) {
            log.error("Indexing {} failed", repository.get().name(), e);
            run.announceFailure(new Failure(
                    "index-run-failed",
                    "indexing %s failed: %s".formatted(repository.get().name(), e.getMessage()),
                    "See the log of repo-indexer; the run is repeated by itself."));
            repeatLater(claim);
        }
    }

    private void repeatLater(Claim claim) {
        if (claim.attempts() + 1 >= settings.attemptsMax()) {
            log.warn("Repository {} is not tried again before its next push", claim.repositoryId());
            claim.finish();
            return;
        }
        claim.postpone(RetryPause.after(claim.attempts(), settings.retryWaitFirst(), settings.retryWaitMax()));
    }
}
