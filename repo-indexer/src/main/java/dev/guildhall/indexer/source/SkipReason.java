package dev.guildhall.indexer.source;

/** Why a file is not in the index. */
public enum SkipReason {
    BINARY,
    GENERATED,
    VENDORED,
    MINIFIED,
    TOO_LARGE,
    /** A symbolic link or a submodule: neither is followed. */
    LINK,
    /** It cannot be read from the repository, or its name equals another's once shown as text. */
    UNREADABLE
}
