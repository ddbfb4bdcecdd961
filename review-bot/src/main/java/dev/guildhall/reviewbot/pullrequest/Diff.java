package dev.guildhall.reviewbot.pullrequest;

import java.util.List;

/**
 * A whole change.
 *
 * @param commonAncestor false where base and head share no history, and the diff is taken from base itself
 * @param files in path order
 * @param filesUnlisted files beyond the limit, which are in no list
 */
public record Diff(boolean commonAncestor, List<FileDiff> files, int filesUnlisted) {

    public Diff {
        files = List.copyOf(files);
    }
}
