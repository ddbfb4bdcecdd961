package dev.guildhall.contract.review;

import org.jspecify.annotations.Nullable;

/**
 * The diff of one file.
 *
 * @param index the file's place in the diff, from 0
 * @param patch unified diff with its hunks, without {@code diff --git} header; absent for binary or too large files
 * @param reason why there is no patch; present when {@code patch} is absent
 */
public record FilePatch(
        int index, @Nullable String patch, @Nullable String reason) {}
