package dev.guildhall.indexer;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.RepositoryRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;

/** A git repository in a directory, with a working tree to change. */
public final class TestRepository implements AutoCloseable {

    private final Path directory;
    private final Git git;
    private final UUID id = UUID.randomUUID();

    public TestRepository(Path directory) throws GitAPIException {
        this.directory = directory;
        this.git = Git.init()
                .setDirectory(directory.toFile())
                .setInitialBranch("main")
                .call();
    }

    public RepositoryRef ref() {
        return new RepositoryRef(id, "demo/" + id, RepositoryRef.Forge.GIT, directory.toString(), "main");
    }

    public UUID id() {
        return id;
    }

    public Path directory() {
        return directory;
    }

    public TestRepository write(String path, String content) throws IOException {
        return write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public TestRepository write(String path, byte[] content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return this;
    }

    public TestRepository delete(String path) throws IOException {
        Files.delete(directory.resolve(path));
        return this;
    }

    public CommitId commit(String message) throws GitAPIException {
        PersonIdent author = new PersonIdent("Test", "test@example.org");
        git.add().addFilepattern(".").call();
        git.add().addFilepattern(".").setUpdate(true).call();
        return new CommitId(git.commit()
                .setMessage(message)
                .setAuthor(author)
                .setCommitter(author)
                .setSign(false)
                .call()
                .getName());
    }

    public Git git() {
        return git;
    }

    @Override
    public void close() {
        git.close();
    }
}
