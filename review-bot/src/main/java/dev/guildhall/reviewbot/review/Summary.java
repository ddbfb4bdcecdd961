package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.review.Finding;
import dev.guildhall.contract.review.ReviewedFile;
import dev.guildhall.contract.review.ReviewedFile.Read;
import dev.guildhall.contract.review.Severity;
import dev.guildhall.reviewbot.pullrequest.Diff;
import dev.guildhall.reviewbot.reviewer.Findings;
import dev.guildhall.reviewbot.reviewer.SecondCheck;
import java.util.ArrayList;
import java.util.List;

/** The few sentences above a review: what was found, and what nobody looked at. */
final class Summary {

    private Summary() {}

    static String of(
            Findings.Ranking ranking,
            SecondCheck.Verdicts verdicts,
            List<ReviewedFile> files,
            Diff diff,
            String contextNote,
            String policyNote) {
        List<String> sentences = new ArrayList<>();
        sentences.add(files.isEmpty() ? "The change is empty: there is nothing to review." : found(ranking.findings()));
        if (!files.isEmpty()) {
            sentences.add(read(files));
        }
        if (ranking.dropped() > 0) {
            sentences.add("%s below the threshold or over the most that a review says."
                    .formatted(count(ranking.dropped(), "finding was", "findings were")));
        }
        if (verdicts.unchecked() > 0) {
            sentences.add("%s not checked a second time."
                    .formatted(count(verdicts.unchecked(), "finding was", "findings were")));
        }
        if (diff.filesUnlisted() > 0) {
            sentences.add("%s neither listed nor read: guildhall.diff.files-listed-max is reached."
                    .formatted(count(diff.filesUnlisted(), "further file is", "further files are")));
        }
        if (!diff.commonAncestor()) {
            sentences.add("Base and head share no history: the diff is taken from base itself.");
        }
        for (String note : List.of(contextNote, policyNote)) {
            if (!note.isEmpty()) {
                sentences.add(Character.toUpperCase(note.charAt(0)) + note.substring(1) + ".");
            }
        }
        return String.join(" ", sentences);
    }

    private static String found(List<Finding> findings) {
        if (findings.isEmpty()) {
            return "Nothing was found that is worth saying.";
        }
        List<String> counts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            long count = findings.stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
            if (count > 0) {
                counts.add(count + " "
                        + switch (severity) {
                            case HIGH -> "high";
                            case MEDIUM -> "medium";
                            case LOW -> "low";
                        });
            }
        }
        return "%s: %s.".formatted(count(findings.size(), "finding", "findings"), String.join(", ", counts));
    }

    private static String read(List<ReviewedFile> files) {
        long whole = files.stream().filter(file -> file.read() == Read.MODEL).count();
        if (whole == files.size()) {
            return files.size() == 1
                    ? "The file was read in full."
                    : "All %d files were read in full.".formatted(files.size());
        }
        List<String> parts = new ArrayList<>();
        long partial =
                files.stream().filter(file -> file.read() == Read.PARTIAL).count();
        long analysis =
                files.stream().filter(file -> file.read() == Read.ANALYSIS).count();
        long none = files.stream().filter(file -> file.read() == Read.NONE).count();
        if (partial > 0) {
            parts.add("%d in part".formatted(partial));
        }
        if (analysis > 0) {
            parts.add("%d by analyzers only".formatted(analysis));
        }
        if (none > 0) {
            parts.add("%d not at all".formatted(none));
        }
        return "Of %s, %d read in full, %s; the list of files says why."
                .formatted(count(files.size(), "file", "files"), whole, String.join(", ", parts));
    }

    private static String count(int count, String one, String many) {
        return "%,d %s".formatted(count, count == 1 ? one : many);
    }
}
