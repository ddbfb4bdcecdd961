package dev.guildhall.engine.model;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.kernel.Matrix;
import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.model.Attention.Grouped;
import dev.guildhall.engine.model.Attention.Latent;
import dev.guildhall.engine.model.FeedForward.Dense;
import dev.guildhall.engine.model.FeedForward.Mixture;
import dev.guildhall.engine.model.FeedForward.Shared;
import dev.guildhall.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a model in the kernels' layout. The embedding table alone stays in the file: a token reads one row.
 *
 * @param output null when the model was loaded for its states alone
 * @param rotaryFactors by which the turning of each pair is slowed; all 1 in most models
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Weights(
        Tensor embedding,
        List<Layer> layers,
        float[] outputNorm,
        @Nullable Matrix output,
        float[] rotaryFactors) {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Layer(float[] attentionNorm, Attention attention, float[] feedForwardNorm, FeedForward feedForward) {

        List<Matrix> matrices() {
            List<Matrix> all = new ArrayList<>(attention.matrices());
            all.addAll(feedForward.matrices());
            return all;
        }
    }

    /** Memory of the matrices. */
    long bytes() {
        long bytes = output == null ? 0 : output.bytes();
        for (Layer layer : layers) {
            for (Matrix matrix : layer.matrices()) {
                bytes += matrix.bytes();
            }
        }
        return bytes;
    }

    /** The system's cache keeps the pages that were read as long as it has room; this process no longer does. */
    void unloadEmbedding() {
        if (embedding.data().isMapped()) {
            embedding.data().unload();
        }
    }

    /** @param logits whether any will be wanted */
    static Weights load(ModelFile file, ModelConfig config, Kernels kernels, Backend backend, boolean logits) {
        Loader loader = new Loader(file, kernels, backend == Backend.VECTOR);
        List<Layer> layers = new ArrayList<>(config.layers());
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(loader.layer("blk." + layer + ".", config, config.experts(layer)));
        }
        Weights weights = new Weights(
                loader.tensor("token_embd.weight"),
                layers,
                loader.vector("output_norm.weight"),
                logits ? loader.matrix(config.tiedEmbeddings() ? "token_embd.weight" : "output.weight") : null,
                loader.vector("rope_freqs.weight"));
        loader.unload();
        return weights;
    }

    private record Loader(ModelFile file, Kernels kernels, boolean repacks) {

        Layer layer(String block, ModelConfig config, @Nullable Experts experts) {
            return new Layer(
                    vector(block + "attn_norm.weight"),
                    config.latent() == null ? grouped(block) : latent(block, config.latent(), config.attention()),
                    vector(block + "ffn_norm.weight"),
                    experts == null ? dense(block, "") : mixture(block, experts));
        }

        Grouped grouped(String block) {
            return new Grouped(
                    matrix(block + "attn_q.weight"),
                    matrix(block + "attn_k.weight"),
                    matrix(block + "attn_v.weight"),
                    vector(block + "attn_q.bias"),
                    vector(block + "attn_k.bias"),
                    vector(block + "attn_v.bias"),
                    vector(block + "attn_q_norm.weight"),
                    vector(block + "attn_k_norm.weight"),
                    matrix(block + "attn_output.weight"));
        }

        Latent latent(String block, LatentShape shape, AttentionShape attention) {
            boolean down = shape.queryRank() > 0;
            List<Matrix> keys = new ArrayList<>(attention.heads());
            List<Matrix> values = new ArrayList<>(attention.heads());
            boolean split = file.tensor(block + "attn_k_b.weight").isPresent();
            for (int head = 0; head < attention.heads(); head++) {
                if (split) {
                    keys.add(matrix(tensor(block + "attn_k_b.weight").part(head)));
                    values.add(matrix(tensor(block + "attn_v_b.weight").part(head)));
                } else {
                    // Each head's rows are those of its key, then those of its value.
                    Tensor both = tensor(block + "attn_kv_b.weight");
                    int first = head * (shape.plainSize() + shape.valueSize());
                    keys.add(matrix(transposed(both.slice(first, shape.plainSize()))));
                    values.add(matrix(both.slice(first + shape.plainSize(), shape.valueSize())));
                }
            }
            return new Latent(
                    down ? matrix(block + "attn_q_a.weight") : null,
                    vector(block + "attn_q_a_norm.weight"),
                    matrix(block + (down ? "attn_q_b.weight" : "attn_q.weight")),
                    matrix(block + "attn_kv_a_mqa.weight"),
                    vector(block + "attn_kv_a_norm.weight"),
                    keys,
                    values,
                    matrix(block + "attn_output.weight"));
        }

        /** As plain numbers: blocks of codes lie along rows. */
        static Tensor transposed(Tensor tensor) {
            RowReader reader = new RowReader(tensor);
            float[] row = new float[tensor.columns()];
            float[] values = new float[Math.toIntExact(tensor.elements())];
            for (int r = 0; r < tensor.rows(); r++) {
                reader.read(r, row, 0);
                for (int column = 0; column < row.length; column++) {
                    values[column * tensor.rows() + r] = row[column];
                }
            }
            return Tensor.ofFloats(tensor.name(), values, tensor.rows(), tensor.columns());
        }

        Dense dense(String block, String kind) {
            return new Dense(
                    matrix(block + "ffn_gate" + kind + ".weight"),
                    matrix(block + "ffn_up" + kind + ".weight"),
                    matrix(block + "ffn_down" + kind + ".weight"));
        }

        Mixture mixture(String block, Experts experts) {
            List<Dense> each = new ArrayList<>(experts.count());
            for (int expert = 0; expert < experts.count(); expert++) {
                each.add(new Dense(
                        matrix(expert(block + "ffn_gate", expert)),
                        matrix(expert(block + "ffn_up", expert)),
                        matrix(expert(block + "ffn_down", expert))));
            }
            return new Mixture(
                    matrix(block + "ffn_gate_inp.weight"),
                    vector(block + "exp_probs_b.bias"),
                    each,
                    experts.sharedSize() == 0 ? null : shared(block));
        }

        Shared shared(String block) {
            String gate = block + "ffn_gate_inp_shexp.weight";
            return new Shared(
                    dense(block, "_shexp"), file.tensor(gate).map(this::matrix).orElse(null));
        }

        Tensor tensor(String name) {
            return file.tensor(name).orElseThrow(() -> new IllegalStateException(name + " was checked to be there"));
        }

        Tensor expert(String name, int index) {
            return file.tensor(name + "_exps.weight")
                    .map(stack -> stack.part(index))
                    .orElseGet(() -> tensor(name + "." + index + ".weight"));
        }

        Matrix matrix(String name) {
            return matrix(tensor(name));
        }

        Matrix matrix(Tensor tensor) {
            Matrix matrix = kernels.matrix(tensor);
            unload(tensor);
            return matrix;
        }

        /** The file's pages would stay resident beside the copy. */
        private void unload(Tensor tensor) {
            if (repacks && tensor.data().isMapped()) {
                tensor.data().unload();
            }
        }

        /** Reading a part brings pages of its neighbours back. */
        void unload() {
            file.tensors().values().forEach(this::unload);
        }

        /** Empty when the file has no such tensor. */
        float[] vector(String name) {
            return file.tensor(name)
                    .map(tensor -> {
                        float[] values = new float[tensor.columns()];
                        new RowReader(tensor).read(0, values, 0);
                        return values;
                    })
                    .orElseGet(() -> new float[0]);
        }
    }
}
