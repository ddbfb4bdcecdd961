package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.RotaryPairs;
import java.util.Locale;
import java.util.Optional;

/** What tells one family of models from another; everything else is in the file. */
public enum Architecture {
    LLAMA(RotaryPairs.NEIGHBOURS, false),
    QWEN2(RotaryPairs.HALVES, true);

    private final RotaryPairs rotaryPairs;
    private final boolean attentionBias;

    Architecture(RotaryPairs rotaryPairs, boolean attentionBias) {
        this.rotaryPairs = rotaryPairs;
        this.attentionBias = attentionBias;
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

    /** GGUF files of LLAMA have the rows of q and k in the order that NEIGHBOURS needs. */
    RotaryPairs rotaryPairs() {
        return rotaryPairs;
    }

    /** Whether q, k and v have a bias. */
    boolean attentionBias() {
        return attentionBias;
    }
}
