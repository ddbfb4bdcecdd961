package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.kernel.Product;
import dev.guildhall.engine.model.FeedForward.Dense;
import dev.guildhall.engine.model.FeedForward.Mixture;
import dev.guildhall.engine.model.FeedForward.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Computes the second half of a layer, dense or mixture, and holds the memory for it. */
final class FeedForwardPass {

    private final ModelConfig config;
    private final Kernels kernels;
    private float[] gate = new float[0]; // [row, size]
    private float[] up = new float[0]; // [row, size]
    private float[] output = new float[0]; // [row, hidden]
    private float[] routed = new float[0]; // [row, hidden] inputs in the order of their experts
    private float[] routerLogits = new float[0]; // [token, expert]
    private float[] sharedLogits = new float[0]; // [token]

    FeedForwardPass(ModelConfig config, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
    }

    /** {@code hidden[tokens] += feedForward(x[tokens])}. */
    void add(FeedForward weights, float[] x, int tokens, float[] hidden) {
        switch (weights) {
            case Dense dense -> {
                compute(dense, x, tokens);
                kernels.add(hidden, output, tokens * config.hiddenSize());
            }
            case Mixture mixture -> {
                addExperts(mixture, x, tokens, hidden);
                if (mixture.shared() != null) {
                    addShared(mixture.shared(), x, tokens, hidden);
                }
            }
        }
    }

    private void compute(Dense dense, float[] x, int tokens) {
        int size = dense.gate().rows();
        grow(tokens, size);
        kernels.multiply(x, tokens, List.of(dense.gate(), dense.up()), List.of(gate, up));
        kernels.gatedSilu(gate, up, tokens * size);
        kernels.multiply(gate, tokens, List.of(dense.down()), List.of(output));
    }

    private void addExperts(Mixture mixture, float[] x, int tokens, float[] hidden) {
        Experts experts = Objects.requireNonNull(config.experts());
        routerLogits = atLeast(routerLogits, tokens * experts.count());
        kernels.multiply(x, tokens, List.of(mixture.router()), List.of(routerLogits));
        Routing routing = new Routing(routerLogits, tokens, experts, mixture.bias());
        grow(routing.rowCount(), experts.size());

        // A single token is read in place by all of its experts.
        boolean inPlace = tokens == 1;
        float[] inputs = inPlace ? x : gather(x, routing);
        List<Product> widening = new ArrayList<>();
        List<Product> narrowing = new ArrayList<>();
        for (int expert = 0; expert < experts.count(); expert++) {
            int first = routing.firstRow(expert);
            int count = routing.rowCount(expert);
            if (count > 0) {
                Dense own = mixture.experts().get(expert);
                widening.add(new Product(own.gate(), inPlace ? 0 : first, count, gate, first));
                widening.add(new Product(own.up(), inPlace ? 0 : first, count, up, first));
                narrowing.add(new Product(own.down(), first, count, output, first));
            }
        }
        kernels.multiply(inputs, widening);
        kernels.gatedSilu(gate, up, routing.rowCount() * experts.size());
        kernels.multiply(gate, narrowing);
        kernels.addWeighted(hidden, tokens, config.hiddenSize(), output, routing.rows(), routing.weights());
    }

    private float[] gather(float[] x, Routing routing) {
        int size = config.hiddenSize();
        routed = atLeast(routed, routing.rowCount() * size);
        for (int row = 0; row < routing.rowCount(); row++) {
            System.arraycopy(x, routing.token(row) * size, routed, row * size, size);
        }
        return routed;
    }

    private void addShared(Shared shared, float[] x, int tokens, float[] hidden) {
        compute(shared.expert(), x, tokens);
        if (shared.gate() == null) {
            kernels.add(hidden, output, tokens * config.hiddenSize());
            return;
        }
        sharedLogits = atLeast(sharedLogits, tokens);
        kernels.multiply(x, tokens, List.of(shared.gate()), List.of(sharedLogits));
        int[] rows = new int[tokens];
        float[] weights = new float[tokens];
        for (int token = 0; token < tokens; token++) {
            rows[token] = token;
            weights[token] = (float) (1 / (1 + Math.exp(-sharedLogits[token])));
        }
        kernels.addWeighted(hidden, tokens, config.hiddenSize(), output, rows, weights);
    }

    private void grow(int rows, int size) {
        gate = atLeast(gate, rows * size);
        up = atLeast(up, rows * size);
        output = atLeast(output, rows * config.hiddenSize());
    }

    private static float[] atLeast(float[] array, int length) {
        return array.length < length ? new float[length] : array;
    }
}
