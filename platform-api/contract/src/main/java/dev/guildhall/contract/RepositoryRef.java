package dev.guildhall.contract;

import java.util.UUID;

/**
 * A registered repository, with what a service needs to read it.
 *
 * @param name unique display name, {@code owner/name}
 * @param forge where it lives
 * @param location for {@link Forge#GIT} an absolute path or a URL that {@code git clone} takes; never with credentials
 * @param defaultBranch the branch whose rules and index count, such as {@code main}
 */
public record RepositoryRef(UUID id, String name, Forge forge, String location, String defaultBranch) {

    /** The kind of forge that holds a repository. */
    public enum Forge {
        /** Plain git: a path or URL, with pull requests announced by Guildhall's own webhook. */
        GIT
    }
}
