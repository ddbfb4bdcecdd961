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
 */
record ModelPick(
        CatalogueModel model, long availableBytes, @Nullable CatalogueModel larger) {

    static ModelPick of(Catalogue catalogue, long availableBytes) {
        List<CatalogueModel> candidates = catalogue.models().stream()
                .filter(model -> model.pickFrom() != null)
                .sorted(Comparator.comparingLong(ModelPick::pickFromBytes))
                .toList();
        int chosen = 0;
        while (chosen + 1 < candidates.size() && pickFromBytes(candidates.get(chosen + 1)) <= availableBytes) {
            chosen++;
        }
        return new ModelPick(
                candidates.get(chosen),
                availableBytes,
                chosen + 1 < candidates.size() ? candidates.get(chosen + 1) : null);
    }

    /** One sentence: what was picked and why, and what a larger one would bring. */
    String explanation() {
        String picked = "%s, since %s of memory are free".formatted(model.name(), Sizes.human(availableBytes));
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
