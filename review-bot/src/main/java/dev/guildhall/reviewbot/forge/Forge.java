package dev.guildhall.reviewbot.forge;

import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.Revision;
import dev.guildhall.reviewbot.pullrequest.Diff;
import dev.guildhall.reviewbot.pullrequest.FileDiff;
import java.util.Optional;

/** A place where repositories live. */
public interface Forge {

    /** The kind of repository that this forge serves. */
    RepositoryRef.Forge kind();

    /**
     * Fetches both ends of a change and reads the difference between their merge base and head.
     *
     * @throws ForgeException where the repository or a commit cannot be read
     */
    Checkout fetch(RepositoryRef repository, Revision base, Revision head, DiffLimits limits) throws ForgeException;

    /** A fetched change; what it hands out is data, never anything that runs. */
    interface Checkout extends AutoCloseable {

        Diff diff();

        /** The text of the file at head; empty where it was deleted, or was not read. */
        Optional<String> textAtHead(FileDiff file) throws ForgeException;

        /** The text of a file on the default branch (on base where that branch is not there); empty if absent or larger. */
        Optional<String> textOnDefaultBranch(String path, long bytesMax) throws ForgeException;

        @Override
        void close();
    }
}
