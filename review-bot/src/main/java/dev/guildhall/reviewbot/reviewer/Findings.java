package dev.guildhall.reviewbot.reviewer;

import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.Severity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one list of what the reviewers say: each thing once, the worst first, no more than anyone reads. */
public final class Findings {

    /** Reviewers name slightly different lines of one mistake. */
    private static final int SAME_PLACE_LINES = 1;

    private static final double SIMILAR_TITLES = 0.5;
    private static final int FINGERPRINT_DIGITS = 32;

    private static final Comparator<Observation> WORST_FIRST = Comparator.comparing(Observation::severity)
            .thenComparing(Observation::confidence, Comparator.reverseOrder())
            .thenComparing(Observation::path)
            .thenComparingInt(Observation::startLine)
            .thenComparing(Observation::category);

    private Findings() {}

    /** Keeps of several observations that say the same the best founded one. */
    public static List<Observation> merge(List<Observation> observations) {
        List<Observation> bestFirst = observations.stream()
                .sorted(Comparator.comparing(Observation::confidence, Comparator.reverseOrder())
                        .thenComparing(WORST_FIRST))
                .toList();
        List<Observation> merged = new ArrayList<>();
        for (Observation observation : bestFirst) {
            int same = indexOfSame(merged, observation);
            if (same < 0) {
                merged.add(observation);
            } else {
                merged.set(same, joined(merged.get(same), observation));
            }
        }
        merged.sort(WORST_FIRST);
        return merged;
    }

    /**
     * The findings that are said.
     *
     * @param dropped how many the threshold and the cap removed
     */
    public record Ranking(List<Finding> findings, int dropped) {
        public Ranking {
            findings = List.copyOf(findings);
        }
    }

    /** Leaves out what is less severe than {@code severityMin}, ranks, and keeps the first {@code findingsMax}. */
    public static Ranking rank(List<Observation> merged, Severity severityMin, int findingsMax) {
        List<Observation> kept = merged.stream()
                .filter(observation -> observation.severity().compareTo(severityMin) <= 0)
                .sorted(WORST_FIRST)
                .limit(findingsMax)
                .toList();
        Map<Observation, String> fingerprints = fingerprints(merged);
        List<Finding> findings = kept.stream()
                .map(observation -> finding(observation, fingerprints.getOrDefault(observation, "")))
                .toList();
        return new Ranking(findings, merged.size() - findings.size());
    }

    private static int indexOfSame(List<Observation> merged, Observation observation) {
        for (int i = 0; i < merged.size(); i++) {
            if (saySame(merged.get(i), observation)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean saySame(Observation one, Observation other) {
        if (!one.path().equals(other.path())
                || one.startLine() - SAME_PLACE_LINES > other.endLine()
                || other.startLine() - SAME_PLACE_LINES > one.endLine()) {
            return false;
        }
        boolean samePlace = one.startLine() == other.startLine();
        boolean differentSources = !one.source().equals(other.source());
        return one.category().equals(other.category())
                ? samePlace || differentSources || oneRuleTwice(one, other)
                : samePlace && differentSources && similar(one.title(), other.title());
    }

    private static boolean oneRuleTwice(Observation one, Observation other) {
        return one.source().equals(other.source())
                && one.rule().equals(other.rule())
                && one.title().equals(other.title());
    }

    /** The better one, which is more certain now that two say it. */
    private static Observation joined(Observation better, Observation other) {
        Observation joined = better;
        if (oneRuleTwice(better, other) && better.startLine() != other.startLine()) {
            return over(better, other);
        }
        if (!better.source().equals(other.source())) {
            joined = joined.withConfidence(Math.min(1, better.confidence() + (1 - better.confidence()) / 2));
        }
        if (other.severity().compareTo(better.severity()) < 0 && !other.source().equals(Observation.MODEL)) {
            joined = joined.withSeverity(other.severity());
        }
        boolean sameLines = better.startLine() == other.startLine() && better.endLine() == other.endLine();
        if (better.suggestion() == null && other.suggestion() != null && sameLines) {
            joined = joined.withSuggestion(other.suggestion());
        }
        return joined;
    }

    /** One finding over the lines of both. */
    private static Observation over(Observation one, Observation other) {
        boolean inOrder = one.startLine() < other.startLine();
        Observation first = inOrder ? one : other;
        Observation last = inOrder ? other : one;
        return new Observation(
                one.path(),
                first.startLine(),
                Math.max(first.endLine(), last.endLine()),
                one.severity().compareTo(other.severity()) < 0 ? one.severity() : other.severity(),
                one.category(),
                one.title(),
                first.message().equals(last.message()) ? first.message() : first.message() + "\n\n" + last.message(),
                first.evidence() + "\n" + last.evidence(),
                null,
                one.source(),
                one.rule(),
                Math.max(one.confidence(), other.confidence()));
    }

    private static boolean similar(String one, String other) {
        Set<String> words = words(one);
        Set<String> common = new HashSet<>(words);
        common.retainAll(words(other));
        words.addAll(words(other));
        return !words.isEmpty() && (double) common.size() / words.size() >= SIMILAR_TITLES;
    }

    private static Set<String> words(String text) {
        Set<String> words =
                new HashSet<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")));
        words.removeIf(word -> word.length() < 3);
        return words;
    }

    /** Path, category and evidence without its spacing, numbered where they occur more than once: lines may move. */
    private static Map<Observation, String> fingerprints(List<Observation> observations) {
        Map<String, Integer> occurrences = new HashMap<>();
        Map<Observation, String> fingerprints = new HashMap<>();
        observations.stream()
                .sorted(Comparator.comparing(Observation::path).thenComparingInt(Observation::startLine))
                .forEach(observation -> {
                    String identity = String.join(
                            "\n",
                            observation.path(),
                            observation.category(),
                            observation.evidence().replaceAll("\\s+", " ").strip());
                    int occurrence = occurrences.merge(identity, 1, Integer::sum);
                    fingerprints.put(observation, digest(identity + "\n" + occurrence));
                });
        return fingerprints;
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, FINGERPRINT_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Finding finding(Observation observation, String fingerprint) {
        return new Finding(
                fingerprint,
                observation.path(),
                Finding.Side.NEW,
                observation.startLine(),
                observation.endLine(),
                observation.severity(),
                observation.category(),
                SecretScanner.maskText(observation.title()),
                SecretScanner.maskText(observation.message()),
                SecretScanner.maskText(observation.evidence()),
                suggestion(observation),
                observation.source(),
                observation.rule(),
                observation.confidence());
    }

    /** A suggestion with a masked secret in it would put the mask into the file. */
    private static @Nullable String suggestion(Observation observation) {
        String suggestion = observation.suggestion();
        return suggestion == null
                        || suggestion.contains("****")
                        || !SecretScanner.maskText(suggestion).equals(suggestion)
                ? null
                : suggestion;
    }
}
