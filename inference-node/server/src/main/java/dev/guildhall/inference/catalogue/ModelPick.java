package dev.guildhall.inference.catalogue;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The language model that suits a machine.
 *
 * @param larger the next one up, that more memory would make possible; absent for the largest
 * @param unobtainable the largest that the memory allows, where no hub answers that has it
 */
record ModelPick(
        CatalogueModel model,
        long availableBytes,
        @Nullable CatalogueModel larger,
        @Nullable CatalogueModel unobtainable) {

    /** Whether a model can be had here. */
    @FunctionalInterface
    interface Source {
        boolean has(CatalogueModel model) throws InterruptedException;
    }

    static ModelPick of(Catalogue catalogue, long availableBytes, Source source) throws InterruptedException {
        List<CatalogueModel> candidates = catalogue.models().stream()
                .filter(model -> model.pickFrom() != null)
                .sorted(Comparator.comparingLong(ModelPick::pickFromBytes))
                .toList();
        int allowed = 0;
        while (allowed + 1 < candidates.size() && pickFromBytes(candidates.get(allowed + 1)) <= availableBytes) {
            allowed++;
        }
        int chosen = allowed;
        while (chosen > 0 && !source.has(candidates.get(chosen))) {
            chosen--;
        }
        return new ModelPick(
                candidates.get(chosen),
                availableBytes,
                allowed + 1 < candidates.size() ? candidates.get(allowed + 1) : null,
                chosen < allowed ? candidates.get(allowed) : null);
    }

    /** One sentence: what was picked and why, and what a larger one would bring. */
    String explanation() {
        String picked = "%s, since %s of memory are free".formatted(model.name(), Sizes.human(availableBytes));
        if (unobtainable != null) {
            return "%s; %s, which %s, would fit, but no model hub answers that has it (GUILDHALL_MODELS_HUB names one)"
                    .formatted(picked, unobtainable.name(), unobtainable.brings());
        }
        if (larger == null) {
            return picked + "; it is the largest of the catalogue that is picked by itself";
        }
        return "%s; from %s free %s would be picked, which %s"
                .formatted(picked, Sizes.human(pickFromBytes(larger)), larger.name(), larger.brings());
    }

    private static long pickFromBytes(CatalogueModel model) {
        return Optional.ofNullable(model.pickFrom()).map(DataSize::toBytes).orElse(Long.MAX_VALUE);
    }
}
