package dev.guildhall.engine.conversion;

import dev.guildhall.engine.tensor.TensorType;
import java.util.List;

/** Which type a tensor gets in a file of a wanted type: the choices are those of llama.cpp, whose users know them. */
final class TypeChoice {

    private TypeChoice() {}

    static TensorType of(TensorType wanted, String name, List<Long> shape, boolean tiedEmbeddings) {
        // Norms, biases, routers and gates are small, and what they say counts for a whole vector.
        if (shape.size() == 1 || name.endsWith("_norm.weight") || name.contains("ffn_gate_inp")) {
            return TensorType.F32;
        }
        boolean output = name.equals("output.weight") || (tiedEmbeddings && name.equals("token_embd.weight"));
        TensorType type = output && wanted == TensorType.Q4_K ? TensorType.Q6_K : wanted;
        if (shape.getFirst() % type.blockElements() == 0) {
            return type;
        }
        // Blocks of 256 do not fit: the next better type with blocks of 32.
        TensorType smaller = type == TensorType.Q4_K ? TensorType.Q5_0 : TensorType.Q8_0;
        return shape.getFirst() % smaller.blockElements() == 0 ? smaller : TensorType.F16;
    }
}
