package dev.guildhall.inference.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * A model that Guildhall knows by name.
 *
 * @param licence SPDX identifier
 * @param purpose what it is good for
 * @param file absent for a model that is built in
 * @param memory what it needs while it serves
 * @param pickFrom free memory from which it is picked without being asked for; absent: never
 * @param brings what it does better than smaller ones; empty where there is nothing to say
 */
public record CatalogueModel(
        String name,
        String displayName,
        String licence,
        Kind kind,
        String purpose,
        @Nullable ModelFile file,
        DataSize memory,
        @Nullable DataSize pickFrom,
        String brings) {

    /** What a model does. */
    public enum Kind {
        CHAT,
        EMBEDDING
    }

    /**
     * A model's one file.
     *
     * @param name in the models directory
     * @param sha256 lower-case hexadecimal
     * @param sources in the order in which they are tried
     */
    public record ModelFile(String name, long bytes, String sha256, List<ModelSource> sources) {

        public ModelFile {
            sources = List.copyOf(sources);
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new IllegalArgumentException("file name '%s' is not plain".formatted(name));
            }
            if (bytes <= 0) {
                throw new IllegalArgumentException("bytes %d of %s is not positive".formatted(bytes, name));
            }
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("sha256 '%s' of %s is not one".formatted(sha256, name));
            }
        }
    }

    /** Whether the model comes with the node and needs no file. */
    public boolean builtIn() {
        return file == null;
    }
}
