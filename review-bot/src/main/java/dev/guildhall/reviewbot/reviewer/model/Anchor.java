package dev.guildhall.reviewbot.reviewer.model;

import dev.guildhall.reviewbot.pullrequest.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the line that an answer means.
 *
 * <p>The quoted text decides, the number only chooses between lines of the same text: models count badly and copy well.
 * What quotes no changed line is about nothing that can be shown, and is dropped.
 */
final class Anchor {

    private static final int FRAGMENT_LENGTH_MIN = 8;
    private static final Pattern PREFIX = Pattern.compile("^\\s*\\d*\\s*[+-]?\\s*(?:\\|\\s?)?");

    private Anchor() {}

    /** The line of the passage that {@code quote} is taken from, nearest to {@code number}. */
    static Optional<Line> find(List<Line> passage, int number, String quote) {
        String wanted = quote.lines()
                .map(Anchor::normalized)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        List<Line> candidates = changed(passage);
        Comparator<Line> nearest = Comparator.comparingInt(line -> Math.abs(line.newNumber() - number));
        Optional<Line> whole = candidates.stream()
                .filter(line -> normalized(line.text()).equals(wanted)
                        || squeezed(line.text()).equals(squeezed(wanted)))
                .min(nearest);
        if (whole.isPresent()) {
            return whole;
        }
        return candidates.stream().filter(line -> overlaps(line.text(), wanted)).min(nearest);
    }

    /** Added lines, and lines right beside removed ones, where what is missing can be shown. */
    private static List<Line> changed(List<Line> passage) {
        List<Line> candidates = new ArrayList<>();
        for (int i = 0; i < passage.size(); i++) {
            Line line = passage.get(i);
            boolean besideRemoved = (i > 0 && passage.get(i - 1).kind() == Line.Kind.REMOVED)
                    || (i + 1 < passage.size() && passage.get(i + 1).kind() == Line.Kind.REMOVED);
            if (!line.text().isBlank()
                    && (line.kind() == Line.Kind.ADDED || (line.kind() == Line.Kind.CONTEXT && besideRemoved))) {
                candidates.add(line);
            }
        }
        return candidates;
    }

    private static boolean overlaps(String text, String wanted) {
        String line = squeezed(text);
        String quote = squeezed(wanted);
        return (quote.length() >= FRAGMENT_LENGTH_MIN && line.contains(quote))
                || (line.length() >= FRAGMENT_LENGTH_MIN && quote.contains(line));
    }

    private static String normalized(String line) {
        return PREFIX.matcher(line).replaceFirst("").strip();
    }

    private static String squeezed(String line) {
        return line.replaceAll("\\s+", "");
    }
}
