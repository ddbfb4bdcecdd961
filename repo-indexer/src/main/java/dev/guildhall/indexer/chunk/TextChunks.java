package dev.guildhall.indexer.chunk;

import dev.guildhall.indexer.chunk.LineRanges.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts what has no grammar: prose by headings and paragraphs, everything else by blank lines. */
final class TextChunks {

    private static final int HEADING_LEVELS = 6;
    private static final int SCOPE_TOKENS_MAX = 60;

    private final int tokensMax;

    TextChunks(int tokensMax) {
        this.tokensMax = tokensMax;
    }

    List<SourceChunk> chunk(String language, String text) {
        LineRanges lines = new LineRanges(text);
        List<SourceChunk> chunks = new ArrayList<>();
        for (Section section : language.equals("markdown") ? sections(lines) : List.of(whole(lines))) {
            addChunks(section, lines, chunks);
        }
        return chunks;
    }

    private void addChunks(Section section, LineRanges lines, List<SourceChunk> chunks) {
        int budget = tokensMax - TokenEstimate.of(section.scope());
        @Nullable Range open = null;
        for (Range paragraph : paragraphs(section.range(), lines)) {
            for (Range part : lines.cut(paragraph, budget, _ -> LineRanges.NO_BOUNDARY)) {
                if (open != null && lines.tokens(open.through(part)) <= budget) {
                    open = open.through(part);
                } else {
                    addChunk(open, section, lines, chunks);
                    open = part;
                }
            }
        }
        addChunk(open, section, lines, chunks);
    }

    private static void addChunk(@Nullable Range range, Section section, LineRanges lines, List<SourceChunk> chunks) {
        if (range != null) {
            chunks.add(new SourceChunk(
                    null,
                    section.kind(),
                    section.scope(),
                    range.startLine() + 1,
                    range.endLine() + 1,
                    lines.text(range),
                    List.of(),
                    List.of()));
        }
    }

    private static List<Range> paragraphs(Range range, LineRanges lines) {
        List<Range> paragraphs = new ArrayList<>();
        int start = -1;
        for (int line = range.startLine(); line <= range.endLine(); line++) {
            if (lines.isBlank(line)) {
                if (start >= 0) {
                    paragraphs.add(new Range(start, line - 1));
                }
                start = -1;
            } else if (start < 0) {
                start = line;
            }
        }
        if (start >= 0) {
            paragraphs.add(new Range(start, range.endLine()));
        }
        return paragraphs;
    }

    private static Section whole(LineRanges lines) {
        return new Section(new Range(0, Math.max(0, lines.count() - 1)), "", "text");
    }

    private static List<Section> sections(LineRanges lines) {
        List<Section> sections = new ArrayList<>();
        String[] headings = new String[HEADING_LEVELS + 1];
        Arrays.fill(headings, "");
        boolean fenced = false;
        int start = 0;
        for (int line = 0; line < lines.count(); line++) {
            String text = lines.line(line);
            if (text.stripLeading().startsWith("```") || text.stripLeading().startsWith("~~~")) {
                fenced = !fenced;
            }
            int level = fenced ? 0 : headingLevel(text);
            if (level > 0) {
                if (line > start) {
                    sections.add(new Section(new Range(start, line - 1), scope(headings), "section"));
                }
                start = line;
                headings[level] = text.substring(level).strip();
                for (int deeper = level + 1; deeper <= HEADING_LEVELS; deeper++) {
                    headings[deeper] = "";
                }
            }
        }
        if (start < lines.count()) {
            sections.add(new Section(new Range(start, lines.count() - 1), scope(headings), "section"));
        }
        return sections;
    }

    private static int headingLevel(String line) {
        int level = 0;
        while (level < line.length() && line.charAt(level) == '#') {
            level++;
        }
        return level <= HEADING_LEVELS && level < line.length() && line.charAt(level) == ' ' ? level : 0;
    }

    private static String scope(String[] headings) {
        List<String> path = new ArrayList<>();
        for (String heading : headings) {
            if (!heading.isEmpty()) {
                path.add(heading);
            }
        }
        return TokenEstimate.head(String.join(" › ", path), SCOPE_TOKENS_MAX);
    }

    private record Section(Range range, String scope, String kind) {}
}
