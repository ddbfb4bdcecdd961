package dev.guildhall.reviewbot.forge.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/** Keeps the machine's and the user's git configuration out: what a review reads depends on no file outside. */
final class IsolatedSystemReader extends SystemReader.Delegate {

    IsolatedSystemReader(SystemReader delegate) {
        super(delegate);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new EmptyConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new EmptyConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new EmptyConfig(parent, fs);
    }

    private static final class EmptyConfig extends FileBasedConfig {

        EmptyConfig(@Nullable Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
