package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.RotaryPairs;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What tells one family of models from another; everything else is in the file. */
public enum Architecture {
    /** Mixtral too, which calls itself llama. */
    LLAMA(RotaryPairs.NEIGHBOURS, Trait.RENORMALIZES_ROUTING),
    QWEN2(RotaryPairs.HALVES, Trait.ATTENTION_BIAS),
    QWEN2MOE(RotaryPairs.HALVES, Trait.ATTENTION_BIAS, Trait.GATED_SHARED_EXPERT),
    QWEN3(RotaryPairs.HALVES, Trait.HEAD_NORMS),
    QWEN3MOE(RotaryPairs.HALVES, Trait.HEAD_NORMS, Trait.RENORMALIZES_ROUTING),
    /** DeepSeek-V3, and Kimi K2 with its shape. */
    DEEPSEEK2(RotaryPairs.NEIGHBOURS, Trait.LATENT_ATTENTION, Trait.SHARED_EXPERTS);

    /** What only some families do. */
    enum Trait {
        /** q, k and v have a bias. */
        ATTENTION_BIAS,
        /** Each head's q and k are normed before they turn. */
        HEAD_NORMS,
        /** The chosen experts' weights are brought to a sum of 1; a file may say otherwise. */
        RENORMALIZES_ROUTING,
        /** One more expert works on every token, as strongly as a gate of its own says. */
        GATED_SHARED_EXPERT,
        /** Some of the experts, as one block, work on every token. */
        SHARED_EXPERTS,
        /** A position keeps one latent in place of keys and values. */
        LATENT_ATTENTION
    }

    private final RotaryPairs rotaryPairs;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that nothing changes
    private final Set<Trait> traits;

    Architecture(RotaryPairs rotaryPairs, Trait... traits) {
        this.rotaryPairs = rotaryPairs;
        this.traits = Set.of(traits);
    }

    static Optional<Architecture> named(String name) {
        for (Architecture architecture : values()) {
            if (architecture.key().equals(name)) {
                return Optional.of(architecture);
            }
        }
        return Optional.empty();
    }

    /** Name in {@code general.architecture}, and first part of the file's other keys. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In GGUF, where files of LLAMA have the rows of q and k in the order that NEIGHBOURS needs. */
    public RotaryPairs rotaryPairs() {
        return rotaryPairs;
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }
}
