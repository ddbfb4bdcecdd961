package dev.guildhall.contract.review;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A file of the diff and what became of it.
 *
 * @param index place in the diff, from 0
 * @param path new path; the old one for a deleted file; bytes that are not UTF-8 are shown as U+FFFD
 * @param oldPath where it differs from {@code path}
 * @param language lower case, as syntax highlighters name it: {@code java}, {@code typescript}; {@code text} if unknown
 * @param read which reviewers read it
 * @param reason why it was not read, or not in full, for people; present unless {@code read} is {@link Read#MODEL}
 */
public record ReviewedFile(
        int index,
        String path,
        @Nullable String oldPath,
        Change change,
        String language,
        int linesAdded,
        int linesRemoved,
        Read read,
        @Nullable String reason) {

    /** What the pull request does to the file. */
    public enum Change {
        @JsonProperty("added")
        ADDED,
        @JsonProperty("modified")
        MODIFIED,
        @JsonProperty("deleted")
        DELETED,
        @JsonProperty("renamed")
        RENAMED
    }

    /** How far the file was read. */
    public enum Read {
        /** By the model and by the analyzers. */
        @JsonProperty("model")
        MODEL,
        /** In part by the model; the reason says which part is missing. */
        @JsonProperty("partial")
        PARTIAL,
        /** By analyzers only. */
        @JsonProperty("analysis")
        ANALYSIS,
        /** By nothing. */
        @JsonProperty("none")
        NONE
    }
}
