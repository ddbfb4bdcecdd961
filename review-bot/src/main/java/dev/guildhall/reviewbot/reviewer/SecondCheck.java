package dev.guildhall.reviewbot.reviewer;

import java.util.List;
import java.util.function.Consumer;

/** Asks of each finding: is this true, and does it matter? */
public interface SecondCheck {

    /** The name of the model that answers. */
    String model();

    Verdicts check(List<Observation> observations, Assignment assignment, Consumer<String> progress)
            throws InterruptedException;

    /**
     * What stood the check.
     *
     * @param kept with the severity that the check gave
     * @param unchecked of those kept, how many the budget left no room to check
     */
    record Verdicts(List<Observation> kept, int dropped, int unchecked, ModelUsage usage) {
        public Verdicts {
            kept = List.copyOf(kept);
        }
    }
}
