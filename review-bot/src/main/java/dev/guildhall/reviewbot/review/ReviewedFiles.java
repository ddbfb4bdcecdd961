package dev.guildhall.reviewbot.review;

import dev.guildhall.contract.review.ReviewedFile;
import dev.guildhall.contract.review.ReviewedFile.Read;
import dev.guildhall.reviewbot.policy.Depth;
import dev.guildhall.reviewbot.policy.FileSelection;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import dev.guildhall.reviewbot.reviewer.Report;
import java.util.ArrayList;
import java.util.List;

/** Says of every file of the diff whether it was read, and if not, why. */
final class ReviewedFiles {

    private static final int REASON_LENGTH_MAX = 300;

    private ReviewedFiles() {}

    static List<ReviewedFile> of(
            List<FileDiff> files, List<FileSelection> selections, List<Report> analyses, List<Report> models) {
        List<ReviewedFile> reviewed = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            reviewed.add(of(files.get(i), selections.get(i), analyses, models));
        }
        return reviewed;
    }

    private static ReviewedFile of(FileDiff file, FileSelection selection, List<Report> analyses, List<Report> models) {
        List<String> reasons = new ArrayList<>();
        if (!selection.reason().isEmpty()) {
            reasons.add(selection.reason());
        }
        Read read = switch (selection.depth()) {
            case NONE -> Read.NONE;
            case SECRETS, ANALYSIS -> Read.ANALYSIS;
            case MODEL -> readByModel(file, models, reasons);
        };
        if (selection.depth() != Depth.NONE) {
            for (Report report : analyses) {
                Report.Shortfall shortfall = report.unread().get(file.index());
                if (shortfall != null) {
                    reasons.add(shortfall.reason());
                }
            }
            if (file.content() instanceof FileDiff.Content.Text text && text.undecodableLines() > 0) {
                reasons.add(
                        "%,d lines are not UTF-8, their bytes were read as U+FFFD".formatted(text.undecodableLines()));
            }
        }
        if (read == Read.MODEL && !reasons.isEmpty()) {
            read = Read.PARTIAL;
        }
        String reason = String.join("; ", reasons);
        return new ReviewedFile(
                file.index(),
                file.path(),
                file.oldPath(),
                file.change(),
                file.language(),
                file.linesAdded(),
                file.linesRemoved(),
                read,
                reasons.isEmpty() ? null : reason.substring(0, Math.min(reason.length(), REASON_LENGTH_MAX)));
    }

    private static Read readByModel(FileDiff file, List<Report> models, List<String> reasons) {
        Read read = Read.MODEL;
        for (Report report : models) {
            Report.Shortfall shortfall = report.unread().get(file.index());
            if (shortfall != null) {
                reasons.add(shortfall.reason());
                read = shortfall.partly() ? Read.PARTIAL : Read.ANALYSIS;
            }
        }
        return read;
    }
}
