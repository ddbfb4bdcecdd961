package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of a layer's second half. */
sealed interface FeedForward {

    List<Matrix> matrices();

    /** {@code W_down · (silu(W_gate x) ⊙ W_up x)}. */
    record Dense(Matrix gate, Matrix up, Matrix down) implements FeedForward {

        @Override
        public List<Matrix> matrices() {
            return List.of(gate, up, down);
        }
    }

    /**
     * {@code Σ weight · expert(x)} over the experts that the router chooses, plus {@code sigmoid(sharedGate · x) · shared(x)}.
     *
     * @param bias of each expert when the router chooses; empty for none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Mixture(
            Matrix router,
            float[] bias,
            List<Dense> experts,
            @Nullable Shared shared) implements FeedForward {

        @Override
        public List<Matrix> matrices() {
            List<Matrix> all = new ArrayList<>();
            all.add(router);
            experts.forEach(expert -> all.addAll(expert.matrices()));
            if (shared != null) {
                if (shared.gate != null) {
                    all.add(shared.gate);
                }
                all.addAll(shared.expert.matrices());
            }
            return all;
        }
    }

    /**
     * The expert that every token goes to.
     *
     * @param gate the row that says how strongly; null for always fully
     */
    record Shared(Dense expert, @Nullable Matrix gate) {}
}
