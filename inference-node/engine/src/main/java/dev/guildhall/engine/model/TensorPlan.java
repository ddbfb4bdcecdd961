package dev.guildhall.engine.model;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.model.Architecture.Trait;
import dev.guildhall.engine.model.Experts.Scores;
import dev.guildhall.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** The tensors that a model of this shape consists of, so that a file is compared before anything is loaded. */
public final class TensorPlan {

    private static final int UNKNOWN_SHOWN = 20;

    private final Map<String, List<Long>> required = new LinkedHashMap<>();
    private final Map<String, List<Long>> optional = new LinkedHashMap<>();

    private TensorPlan() {}

    /**
     * @param stackedExperts whether the experts of a layer are one tensor, and not one each
     * @param splitLatents whether what takes latents to keys and to values are two tensors, and not one
     */
    public static TensorPlan of(ModelConfig config, boolean stackedExperts, boolean splitLatents) {
        TensorPlan plan = new TensorPlan();
        long hidden = config.hiddenSize();
        plan.require("token_embd.weight", hidden, config.vocabularySize());
        plan.require("output_norm.weight", hidden);
        plan.allow("output.weight", hidden, config.vocabularySize());
        plan.allow("rope_freqs.weight", config.rotary().dimensions() / 2);
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "blk." + layer + ".";
            plan.require(block + "attn_norm.weight", hidden);
            if (config.latent() == null) {
                plan.requireGroupedAttention(block, hidden, config);
            } else {
                plan.requireLatentAttention(
                        block, hidden, config.latent(), config.attention().heads(), splitLatents);
            }
            plan.require(block + "ffn_norm.weight", hidden);
            Experts experts = config.experts(layer);
            if (experts == null) {
                plan.requireFeedForward(block, "", hidden, config.feedForwardSize());
            } else {
                plan.requireExperts(block, hidden, experts, stackedExperts);
                if (experts.sharedSize() > 0 && config.architecture().has(Trait.GATED_SHARED_EXPERT)) {
                    plan.require(block + "ffn_gate_inp_shexp.weight", hidden);
                }
            }
        }
        return plan;
    }

    /** The names and shapes, fastest dimension first, of all that a model must have. */
    public Map<String, List<Long>> required() {
        return Collections.unmodifiableMap(required);
    }

    private void requireGroupedAttention(String block, long hidden, ModelConfig config) {
        AttentionShape attention = config.attention();
        long query = attention.querySize();
        long keyValue = attention.cache().keysSize();
        require(block + "attn_q.weight", hidden, query);
        require(block + "attn_k.weight", hidden, keyValue);
        require(block + "attn_v.weight", hidden, keyValue);
        require(block + "attn_output.weight", query, hidden);
        if (config.architecture().has(Trait.HEAD_NORMS)) {
            require(block + "attn_q_norm.weight", attention.keySize());
            require(block + "attn_k_norm.weight", attention.keySize());
        }
        if (config.architecture().has(Trait.ATTENTION_BIAS)) {
            require(block + "attn_q.bias", query);
            require(block + "attn_k.bias", keyValue);
            require(block + "attn_v.bias", keyValue);
        }
    }

    private void requireLatentAttention(String block, long hidden, LatentShape latent, long heads, boolean split) {
        if (latent.queryRank() == 0) {
            require(block + "attn_q.weight", hidden, heads * latent.headSize());
        } else {
            require(block + "attn_q_a.weight", hidden, latent.queryRank());
            require(block + "attn_q_a_norm.weight", latent.queryRank());
            require(block + "attn_q_b.weight", latent.queryRank(), heads * latent.headSize());
        }
        require(block + "attn_kv_a_mqa.weight", hidden, latent.keptSize());
        require(block + "attn_kv_a_norm.weight", latent.rank());
        long both = heads * (latent.plainSize() + latent.valueSize());
        if (split) {
            require(block + "attn_k_b.weight", latent.plainSize(), latent.rank(), heads);
            require(block + "attn_v_b.weight", latent.rank(), latent.valueSize(), heads);
            allow(block + "attn_kv_b.weight", latent.rank(), both);
        } else {
            require(block + "attn_kv_b.weight", latent.rank(), both);
        }
        require(block + "attn_output.weight", heads * latent.valueSize(), hidden);
    }

    private void requireExperts(String block, long hidden, Experts experts, boolean stacked) {
        require(block + "ffn_gate_inp.weight", hidden, experts.count());
        if (stacked) {
            requireFeedForward(block, "_exps", hidden, experts.size(), experts.count());
        } else {
            for (int expert = 0; expert < experts.count(); expert++) {
                requireFeedForward(block, "." + expert, hidden, experts.size());
            }
        }
        if (experts.sharedSize() > 0) {
            requireFeedForward(block, "_shexp", hidden, experts.sharedSize());
        }
        if (experts.router().scores() == Scores.SIGMOID) {
            allow(block + "exp_probs_b.bias", experts.count());
        }
    }

    private void requireFeedForward(String block, String kind, long hidden, long size, long... stack) {
        require(block + "ffn_gate" + kind + ".weight", join(hidden, size, stack));
        require(block + "ffn_up" + kind + ".weight", join(hidden, size, stack));
        require(block + "ffn_down" + kind + ".weight", join(size, hidden, stack));
    }

    private static long[] join(long first, long second, long... rest) {
        return LongStream.concat(LongStream.of(first, second), Arrays.stream(rest))
                .toArray();
    }

    private void require(String name, long... shape) {
        required.put(name, listOf(shape));
    }

    private void allow(String name, long... shape) {
        optional.put(name, listOf(shape));
    }

    private static List<Long> listOf(long... shape) {
        List<Long> sizes = new ArrayList<>();
        for (long size : shape) {
            sizes.add(size);
        }
        return sizes;
    }

    /** How a file that was written in one of several ways divides its tensors. */
    public static TensorPlan of(ModelConfig config, ModelFile file) {
        int last = config.layers() - 1;
        return of(
                config,
                file.tensor("blk.%d.ffn_gate_exps.weight".formatted(last)).isPresent(),
                file.tensor("blk.%d.attn_k_b.weight".formatted(last)).isPresent());
    }

    /** Names everything that is missing or misshapen, all at once, and some of what is unknown: of that there may be any number. */
    public void check(ModelFile file) throws ModelFormatException {
        List<String> problems = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        required.forEach((name, shape) -> {
            if (file.tensor(name).isEmpty()) {
                problems.add("%s is missing".formatted(name));
            }
        });
        for (Tensor tensor : file.tensors().values()) {
            List<Long> shape = required.getOrDefault(tensor.name(), optional.get(tensor.name()));
            if (shape == null) {
                unknown.add("%s is not part of this architecture".formatted(tensor.name()));
            } else if (!shape.equals(tensor.shape())) {
                problems.add("%s has the shape %s, not %s".formatted(tensor.name(), tensor.shape(), shape));
            }
        }
        int count = problems.size() + unknown.size();
        if (count > 0) {
            problems.addAll(unknown.subList(0, Math.min(unknown.size(), UNKNOWN_SHOWN)));
            String more = problems.size() < count ? "; and %d more".formatted(count - problems.size()) : "";
            throw new ModelFormatException(
                    file.path(), "%d tensors are wrong: %s%s".formatted(count, String.join("; ", problems), more));
        }
    }
}
