package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A config.json of the hub alone: the shape of a model, without its numbers. */
public final class ConfigFile implements ModelFile {

    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final boolean tiedEmbeddings;
    private final boolean rotatesHalves;
    private final Map<String, Object> metadata;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private ConfigFile(Path path, HubConfig config) throws ModelFormatException {
        this.path = path;
        tiedEmbeddings = config.tiedEmbeddings();
        rotatesHalves = config.rotatesHalves();
        Path directory = path.toAbsolutePath().getParent();
        metadata = config.metadata(directory == null ? "" : String.valueOf(directory.getFileName()));
        SafetensorsModel.addRotaryDivisors(config, tensors);
    }

    /** @throws ModelFormatException when it is not of a model that the engine runs */
    public static ConfigFile open(Path path) throws IOException {
        return new ConfigFile(path, new HubConfig(path, SafetensorsModel.readJson(path)));
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** Only what the configuration itself says: the divisors of some rotations. */
    @Override
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public boolean tiedEmbeddings() {
        return tiedEmbeddings;
    }

    @Override
    public boolean rotatesHalves() {
        return rotatesHalves;
    }

    @Override
    public Arena mapping() {
        return arena;
    }

    @Override
    public void close() {
        arena.close();
    }
}
