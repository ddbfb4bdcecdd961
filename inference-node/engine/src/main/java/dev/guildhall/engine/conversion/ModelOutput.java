package dev.guildhall.engine.conversion;

import dev.guildhall.engine.format.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Writes a model's tensors one after the other, a few megabytes at a time, packed by all cores. */
final class ModelOutput {

    /** What one thread packs before it is written. */
    private static final int SHARE_BYTES = 2 << 20;

    private ModelOutput() {}

    static void write(Path file, Map<String, Object> metadata, List<NewTensor> tensors, Progress progress)
            throws IOException {
        long total =
                tensors.stream().mapToLong(tensor -> tensor.entry().bytes()).sum();
        try (GgufWriter writer = new GgufWriter(
                file, metadata, tensors.stream().map(NewTensor::entry).toList())) {
            long done = 0;
            for (NewTensor tensor : tensors) {
                write(tensor, writer);
                done += tensor.entry().bytes();
                progress.at(done, total);
            }
            writer.finish();
        }
    }

    private static void write(NewTensor tensor, GgufWriter writer) throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        int shareRows = (int) Math.max(1, Math.min(tensor.rowCount(), SHARE_BYTES / tensor.rowBytes()));
        byte[] packed = new byte[Math.toIntExact(shareRows * tensor.rowBytes())];
        List<byte[]> shares = new ArrayList<>(List.of(packed));
        while (shares.size() < threads && shares.size() * (long) shareRows < tensor.rowCount()) {
            shares.add(new byte[packed.length]);
        }
        for (int first = 0; first < tensor.rowCount(); first += shares.size() * shareRows) {
            int round = first;
            IntStream.range(0, shares.size()).parallel().forEach(share -> {
                int count = Math.min(shareRows, tensor.rowCount() - round - share * shareRows);
                if (count > 0) {
                    tensor.rows().pack(round + share * shareRows, count, shares.get(share));
                }
            });
            for (int share = 0; share < shares.size(); share++) {
                int count = Math.min(shareRows, tensor.rowCount() - round - share * shareRows);
                if (count > 0) {
                    writer.write(shares.get(share), 0, Math.toIntExact(count * tensor.rowBytes()));
                }
            }
        }
    }
}
