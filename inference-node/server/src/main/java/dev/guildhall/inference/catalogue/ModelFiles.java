package dev.guildhall.inference.catalogue;

import dev.guildhall.inference.catalogue.CatalogueModel.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models directory. A file counts only when its size and SHA-256 are the catalogue's; a marker beside it keeps
 * size, time and checksum, so that a large file is read through once and again only after it has changed.
 */
public class ModelFiles {

    private static final Logger log = LoggerFactory.getLogger(ModelFiles.class);

    private final Catalogue catalogue;
    private final Path directory;

    ModelFiles(Catalogue catalogue, Path directory) {
        this.catalogue = catalogue;
        this.directory = directory;
    }

    /** How a model's file stands. */
    public enum State {
        BUILT_IN,
        PRESENT,
        /** A download has begun and can go on. */
        PARTIAL,
        ABSENT,
        /** There is a file, but it is not the one that the catalogue names. */
        WRONG
    }

    /**
     * The file of a model that is fit for use: of a name of the catalogue the verified file, else the path itself.
     *
     * @throws ModelFileException where there is none, or where it is not what the catalogue says
     */
    public Path require(String nameOrPath) {
        Optional<CatalogueModel> model = catalogue.find(nameOrPath);
        if (model.isPresent()) {
            return require(model.get());
        }
        Path path = Path.of(nameOrPath);
        if (Files.exists(path)) {
            return path;
        }
        String names = String.join(
                ", ", catalogue.models().stream().map(CatalogueModel::name).toList());
        throw new ModelFileException(
                "'%s' is neither a file nor a model of the catalogue, which has %s".formatted(nameOrPath, names));
    }

    private Path require(CatalogueModel model) {
        ModelFile file = model.file();
        if (file == null) {
            throw new ModelFileException("%s is built in and has no file".formatted(model.name()));
        }
        Path path = path(file);
        if (!Files.exists(path)) {
            throw new ModelFileException("%s is not here yet: %s is missing; fetch it with 'guildhall model pull %s'"
                    .formatted(model.name(), path, model.name()));
        }
        String fault = fault(file);
        if (fault != null) {
            throw new ModelFileException("%s is refused: %s; fetch it again with 'guildhall model pull %s'"
                    .formatted(path, fault, model.name()));
        }
        return path;
    }

    public State state(CatalogueModel model) {
        ModelFile file = model.file();
        if (file == null) {
            return State.BUILT_IN;
        }
        if (Files.exists(path(file))) {
            return fault(file) == null ? State.PRESENT : State.WRONG;
        }
        return Files.exists(part(file)) || Files.exists(parts(file)) ? State.PARTIAL : State.ABSENT;
    }

    /** What is wrong with the file under the model's name; null where it is right. */
    @Nullable
    String fault(ModelFile file) {
        return fault(file, path(file));
    }

    @Nullable
    String fault(ModelFile file, Path path) {
        try {
            long bytes = Files.size(path);
            if (bytes < file.bytes()) {
                return "it is cut short: %,d of %,d bytes".formatted(bytes, file.bytes());
            }
            if (bytes > file.bytes()) {
                return "it has %,d bytes, expected are %,d".formatted(bytes, file.bytes());
            }
            boolean marked = path.equals(path(file));
            if (marked && marker(path, file).equals(readMarker(file))) {
                return null;
            }
            String sha256 = Checksums.sha256(path);
            if (!sha256.equals(file.sha256())) {
                return "its SHA-256 is %s, expected is %s".formatted(sha256, file.sha256());
            }
            if (marked) {
                mark(file);
            }
            return null;
        } catch (IOException unreadable) {
            return "it cannot be read: " + unreadable;
        }
    }

    /** Removes the model's file, and whatever was left of a download. */
    public boolean remove(CatalogueModel model) {
        ModelFile file = model.file();
        if (file == null) {
            throw new ModelFileException("%s is built in and cannot be removed".formatted(model.name()));
        }
        try {
            boolean removed = deleteTree(parts(file));
            for (Path path : List.of(path(file), part(file), refused(file))) {
                removed |= Files.deleteIfExists(path);
            }
            Files.deleteIfExists(markerPath(file));
            return removed;
        } catch (IOException fault) {
            throw new ModelFileException("%s cannot be removed: %s".formatted(model.name(), fault), fault);
        }
    }

    static boolean deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return false;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path :
                    tree.sorted((first, second) -> second.compareTo(first)).toList()) {
                Files.delete(path);
            }
        }
        return true;
    }

    Path directory() {
        return directory;
    }

    Path path(ModelFile file) {
        return directory.resolve(file.name());
    }

    /** A download that has not ended, or was not verified yet. */
    Path part(ModelFile file) {
        return directory.resolve(file.name() + ".part");
    }

    /** Packages that were fetched for a file and not joined yet. */
    Path parts(ModelFile file) {
        return directory.resolve(file.name() + ".parts");
    }

    /** Where a file goes that stood under the model's name and was not it. */
    Path refused(ModelFile file) {
        return directory.resolve(file.name() + ".refused");
    }

    Path lock(ModelFile file) {
        return directory.resolve("." + file.name() + ".lock");
    }

    /** Notes that the file was read through and is right. */
    void mark(ModelFile file) {
        try {
            Files.writeString(markerPath(file), marker(path(file), file));
        } catch (IOException readOnly) {
            log.info("{} is verified again at the next start: {}", path(file), readOnly.toString());
        }
    }

    private Path markerPath(ModelFile file) {
        return directory.resolve("." + file.name() + ".verified");
    }

    private static String marker(Path path, ModelFile file) throws IOException {
        return "%d %d %s%n"
                .formatted(Files.size(path), Files.getLastModifiedTime(path).toMillis(), file.sha256());
    }

    private String readMarker(ModelFile file) throws IOException {
        return Files.exists(markerPath(file)) ? Files.readString(markerPath(file)) : "";
    }
}
