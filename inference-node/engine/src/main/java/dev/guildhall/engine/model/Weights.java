package dev.guildhall.engine.model;

import dev.guildhall.engine.format.GgufFile;
import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.kernel.Matrix;
import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of a model in the kernels' layout. The embedding table alone stays in the file: a token reads one row.
 *
 * @param rotaryFactors by which the turning of each pair is slowed; all 1 in most models
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Weights(Tensor embedding, List<Layer> layers, float[] outputNorm, Matrix output, float[] rotaryFactors) {

    /** Biases are empty where the architecture has none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Layer(
            float[] attentionNorm,
            Matrix query,
            Matrix key,
            Matrix value,
            float[] queryBias,
            float[] keyBias,
            float[] valueBias,
            Matrix attentionOutput,
            float[] feedForwardNorm,
            Matrix gate,
            Matrix up,
            Matrix down) {

        List<Matrix> matrices() {
            return List.of(query, key, value, attentionOutput, gate, up, down);
        }
    }

    /** Memory of the matrices. */
    long bytes() {
        long bytes = output.bytes();
        for (Layer layer : layers) {
            for (Matrix matrix : layer.matrices()) {
                bytes += matrix.bytes();
            }
        }
        return bytes;
    }

    static Weights load(GgufFile file, ModelConfig config, Kernels kernels, Backend backend) {
        Loader loader = new Loader(file, kernels, backend == Backend.VECTOR);
        List<Layer> layers = new ArrayList<>(config.layers());
        for (int layer = 0; layer < config.layers(); layer++) {
            layers.add(loader.layer("blk." + layer + "."));
        }
        return new Weights(
                loader.tensor("token_embd.weight"),
                layers,
                loader.vector("output_norm.weight"),
                loader.matrix(config.tiedEmbeddings() ? "token_embd.weight" : "output.weight"),
                loader.vector("rope_freqs.weight"));
    }

    private record Loader(GgufFile file, Kernels kernels, boolean repacks) {

        Layer layer(String block) {
            return new Layer(
                    vector(block + "attn_norm.weight"),
                    matrix(block + "attn_q.weight"),
                    matrix(block + "attn_k.weight"),
                    matrix(block + "attn_v.weight"),
                    vector(block + "attn_q.bias"),
                    vector(block + "attn_k.bias"),
                    vector(block + "attn_v.bias"),
                    matrix(block + "attn_output.weight"),
                    vector(block + "ffn_norm.weight"),
                    matrix(block + "ffn_gate.weight"),
                    matrix(block + "ffn_up.weight"),
                    matrix(block + "ffn_down.weight"));
        }

        Tensor tensor(String name) {
            return file.tensor(name).orElseThrow(() -> new IllegalStateException(name + " was checked to be there"));
        }

        Matrix matrix(String name) {
            Tensor tensor = tensor(name);
            Matrix matrix = kernels.matrix(tensor);
            if (repacks) {
                // The file's pages would stay resident beside the copy.
                tensor.data().unload();
            }
            return matrix;
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
