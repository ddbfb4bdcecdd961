package dev.guildhall.engine.model;

import java.io.IOException;
import java.nio.file.Path;

/** A model that was not loaded, since it would not have fitted. */
public final class MemoryLimitException extends IOException {

    MemoryLimitException(Path model, long weights, long cache, long tokens, long heapMax, long available) {
        super("%s needs %s: %s for its weights and %s for a context of %,d tokens; %s. %s"
                .formatted(
                        model,
                        gigabytes(weights + cache),
                        gigabytes(weights),
                        gigabytes(cache),
                        tokens,
                        heapMax < available
                                ? "the heap may have " + gigabytes(heapMax)
                                : "the machine has " + gigabytes(available) + " free",
                        heapMax < available
                                ? "Give the process more (-Xmx), or choose a smaller context or model."
                                : "Choose a smaller context or model."));
    }

    private static String gigabytes(long bytes) {
        return "%.2f GB".formatted(bytes / 1e9);
    }
}
