package dev.guildhall.reviewbot.pullrequest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The hunks of a file as text. */
public final class UnifiedPatch {

    private UnifiedPatch() {}

    /** The patch without {@code diff --git} header; empty where it would be larger than {@code bytesMax}. */
    public static Optional<String> render(FileDiff file, long bytesMax) {
        StringBuilder patch = new StringBuilder();
        for (Hunk hunk : file.hunks()) {
            patch.append(hunk.header()).append('\n');
            for (Line line : hunk.lines()) {
                patch.append(line.kind().marker()).append(line.text()).append('\n');
            }
            if (patch.length() > bytesMax) {
                return Optional.empty();
            }
        }
        String text = patch.toString();
        return text.getBytes(StandardCharsets.UTF_8).length > bytesMax ? Optional.empty() : Optional.of(text);
    }
}
