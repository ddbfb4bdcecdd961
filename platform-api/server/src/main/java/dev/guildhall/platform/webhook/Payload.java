package dev.guildhall.platform.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Revision;
import dev.guildhall.contract.event.PullRequestEvent;
import dev.guildhall.platform.problem.FieldError;
import dev.guildhall.platform.problem.GuildhallException;
import dev.guildhall.platform.review.StorableText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Guildhall's own webhook says, for repositories in plain git. */
sealed interface Payload {

    /** A pull request was opened or changed. Fields are absent until {@link #checked()}. */
    record PullRequest(
            @Nullable Action action,
            @Nullable Integer number,
            @Nullable String title,
            @Nullable String description,
            @Nullable String author,
            @Nullable Boolean draft,
            @Nullable Side base,
            @Nullable Side head)
            implements Payload {

        private static final int NUMBER_MAX = 1_000_000;
        private static final int REF_LENGTH_MAX = 500;
        private static final int TITLE_LENGTH_MAX = 1_000;
        private static final int AUTHOR_LENGTH_MAX = 200;

        /** In UTF-8 at most three quarters of what one Kafka record holds. */
        private static final int DESCRIPTION_LENGTH_MAX = 262_144;

        /** All that is wrong, at once. */
        Checked checked() {
            List<FieldError> errors = new ArrayList<>();
            if (action == null) {
                errors.add(new FieldError("action", "is missing: one of opened, updated, reopened, closed"));
            }
            if (number == null || number < 1 || number > NUMBER_MAX) {
                errors.add(new FieldError("number", "is %s, allowed are 1 to %d".formatted(number, NUMBER_MAX)));
            }
            String checkedTitle = text("title", title, 1, TITLE_LENGTH_MAX, errors);
            String checkedDescription = text("description", description, 0, DESCRIPTION_LENGTH_MAX, errors);
            String checkedAuthor = text("author", author, 0, AUTHOR_LENGTH_MAX, errors);
            Revision checkedBase = revision("base", base, errors);
            Revision checkedHead = revision("head", head, errors);
            if (!errors.isEmpty() || action == null || number == null || checkedBase == null || checkedHead == null) {
                throw GuildhallException.invalid(errors);
            }
            return new Checked(
                    action.event(),
                    number,
                    checkedTitle,
                    checkedDescription,
                    checkedAuthor,
                    draft != null && draft,
                    checkedBase,
                    checkedHead);
        }

        private static @Nullable Revision revision(String field, @Nullable Side side, List<FieldError> errors) {
            if (side == null || side.commit() == null) {
                errors.add(new FieldError(field + ".commit", "is missing: give a full commit id"));
                return null;
            }
            return new Revision(text(field + ".ref", side.ref(), 1, REF_LENGTH_MAX, errors), side.commit());
        }
    }

    /** A pull request with nothing missing. */
    record Checked(
            PullRequestEvent.Action action,
            int number,
            String title,
            String description,
            String author,
            boolean draft,
            Revision base,
            Revision head) {

        /** Why nobody is to wait for a review; absent where there is one. */
        @Nullable
        NoReview noReviewBecause() {
            if (action == PullRequestEvent.Action.CLOSED) {
                return NoReview.CLOSED;
            }
            return draft ? NoReview.DRAFT : null;
        }
    }

    /** A ref moved. */
    record Push(
            @Nullable String ref,
            @Nullable String before,
            @Nullable String after) implements Payload {

        private static final int REF_LENGTH_MAX = 500;

        CheckedPush checked() {
            List<FieldError> errors = new ArrayList<>();
            String checkedRef = text("ref", ref, 1, REF_LENGTH_MAX, errors);
            CommitId checkedBefore = commit("before", before, errors);
            CommitId checkedAfter = commit("after", after, errors);
            if (!errors.isEmpty()) {
                throw GuildhallException.invalid(errors);
            }
            return new CheckedPush(checkedRef, checkedBefore, checkedAfter);
        }

        /** Git writes a commit that is not there as zeros. */
        private static @Nullable CommitId commit(String field, @Nullable String text, List<FieldError> errors) {
            if (text == null || text.isEmpty() || text.chars().allMatch(digit -> digit == '0')) {
                return null;
            }
            try {
                return new CommitId(text);
            } catch (IllegalArgumentException exception) {
                errors.add(new FieldError(field, String.valueOf(exception.getMessage())));
                return null;
            }
        }
    }

    /** A push with nothing missing. */
    record CheckedPush(
            String ref, @Nullable CommitId before, @Nullable CommitId after) {}

    /** One side of a pull request. */
    record Side(@Nullable String ref, @Nullable CommitId commit) {}

    /** What happened to the pull request. */
    enum Action {
        @JsonProperty("opened")
        OPENED,
        @JsonProperty("updated")
        UPDATED,
        @JsonProperty("reopened")
        REOPENED,
        @JsonProperty("closed")
        CLOSED;

        PullRequestEvent.Action event() {
            return switch (this) {
                case OPENED -> PullRequestEvent.Action.OPENED;
                case UPDATED -> PullRequestEvent.Action.UPDATED;
                case REOPENED -> PullRequestEvent.Action.REOPENED;
                case CLOSED -> PullRequestEvent.Action.CLOSED;
            };
        }
    }

    private static String text(
            String field, @Nullable String text, int lengthMin, int lengthMax, List<FieldError> errors) {
        String value = text == null ? "" : StorableText.of(text);
        if (value.length() < lengthMin) {
            errors.add(new FieldError(field, "is missing"));
        } else if (value.length() > lengthMax) {
            errors.add(new FieldError(field, "has %d characters, allowed are %d".formatted(value.length(), lengthMax)));
        }
        return value;
    }
}
