package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GGUF file in several parts, named {@code …-00001-of-0000N.gguf}; the first has the metadata of all. */
final class SplitGguf {

    private static final Pattern NAME = Pattern.compile("(.+-)(\\d{5})-of-(\\d{5})\\.gguf");
    private static final int PARTS_MAX = 9_999;

    private final Path first;
    private final Map<String, Object> metadata;
    private final int count;

    private SplitGguf(Path first, Map<String, Object> metadata, int count) {
        this.first = first;
        this.metadata = metadata;
        this.count = count;
    }

    /** The tensors of all parts, by name; those of the file alone when it is whole. */
    static Map<String, Tensor> tensors(Path file, GgufReader.Contents contents, Arena arena) throws IOException {
        long count = number(file, contents.metadata(), "split.count", 1);
        if (count <= 1) {
            return contents.tensors();
        }
        if (count > PARTS_MAX) {
            throw new ModelFormatException(file, "split.count is %d; the limit is %d".formatted(count, PARTS_MAX));
        }
        return new SplitGguf(file, contents.metadata(), (int) count).tensors(contents.tensors(), arena);
    }

    private Map<String, Tensor> tensors(Map<String, Tensor> own, Arena arena) throws IOException {
        List<Path> parts = parts();
        Map<String, Tensor> all = new LinkedHashMap<>(own);
        for (int index = 1; index < count; index++) {
            Path part = parts.get(index);
            GgufReader.Contents contents = new GgufReader(part, GgufFile.map(part, arena)).read();
            requireEqual(part, contents.metadata(), "split.no", index);
            requireEqual(part, contents.metadata(), "split.count", count);
            for (Tensor tensor : contents.tensors().values()) {
                if (all.put(tensor.name(), tensor) != null) {
                    throw new ModelFormatException(part, "tensor %s is in another part too".formatted(tensor.name()));
                }
            }
        }
        requireEqual(first, metadata, "split.tensors.count", all.size());
        return all;
    }

    /** Names all that are missing at once. */
    private List<Path> parts() throws ModelFormatException {
        Matcher name = NAME.matcher(String.valueOf(first.getFileName()));
        if (!name.matches() || Integer.parseInt(name.group(3)) != count) {
            throw new ModelFormatException(
                    first,
                    "it is one of %d parts, so its name must end with -00001-of-%05d.gguf".formatted(count, count));
        }
        List<Path> parts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            parts.add(first.resolveSibling("%s%05d-of-%05d.gguf".formatted(name.group(1), index + 1, count)));
        }
        long number = number(first, metadata, "split.no", 0);
        if (number != 0 || !parts.getFirst().equals(first)) {
            throw new ModelFormatException(
                    first, "it is part %d of %d: open the first, %s".formatted(number + 1, count, parts.getFirst()));
        }
        List<Path> missing =
                parts.stream().filter(part -> !Files.isRegularFile(part)).toList();
        if (!missing.isEmpty()) {
            throw new ModelFormatException(
                    first,
                    "%d of its %d parts are missing: %s"
                            .formatted(
                                    missing.size(),
                                    count,
                                    String.join(
                                            ", ",
                                            missing.stream()
                                                    .map(part -> String.valueOf(part.getFileName()))
                                                    .toList())));
        }
        return parts;
    }

    private static void requireEqual(Path file, Map<String, Object> metadata, String key, long expected)
            throws ModelFormatException {
        long value = number(file, metadata, key, expected);
        if (value != expected) {
            throw new ModelFormatException(file, "%s is %d, not %d".formatted(key, value, expected));
        }
    }

    private static long number(Path file, Map<String, Object> metadata, String key, long absent)
            throws ModelFormatException {
        Object value = metadata.getOrDefault(key, absent);
        if (value instanceof Long number) {
            return number;
        }
        throw new ModelFormatException(file, "%s is %s, not a whole number".formatted(key, value));
    }
}
