package dev.guildhall.engine.generation;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A request on its way. */
public final class Generation {

    private final CompletableFuture<GenerationResult> outcome = new CompletableFuture<>();
    private volatile boolean cancelled;

    Generation() {}

    /** Nobody wants the answer any more: no further token is computed for it. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether the answer, or the reason why there is none, is there. */
    public boolean isDone() {
        return outcome.isDone();
    }

    /** Called once the answer, or the reason why there is none, is there; by the thread that decodes for everyone. */
    public void whenDone(Runnable action) {
        var _ = outcome.whenComplete((_, _) -> action.run());
    }

    /**
     * Waits for the whole answer.
     *
     * @throws GenerationFailedException when it broke off
     * @throws CancellationException when it was cancelled
     */
    public GenerationResult await() throws InterruptedException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CancellationException cancellation) {
                throw cancellation;
            }
            throw e.getCause() instanceof GenerationFailedException failure
                    ? failure
                    : new GenerationFailedException("the answer broke off", new CompletionException(e.getCause()));
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    void finish(GenerationResult result) {
        outcome.complete(result);
    }

    void fail(Throwable reason) {
        outcome.completeExceptionally(reason);
    }
}
