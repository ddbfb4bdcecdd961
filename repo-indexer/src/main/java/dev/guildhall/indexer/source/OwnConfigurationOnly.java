package dev.guildhall.indexer.source;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Git's view of the machine without the configuration of the machine or its user: what we read depends on nobody's.
 *
 * <p>In its place stands one line of our own: packing happens within a fetch, not in a thread that outlives it and meets
 * a mirror that has moved.
 */
final class OwnConfigurationOnly extends SystemReader.Delegate {

    OwnConfigurationOnly(SystemReader machine) {
        super(machine);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fileSystem) {
        return new EmptyConfig(parent, fileSystem);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fileSystem) {
        FileBasedConfig configuration = new EmptyConfig(parent, fileSystem);
        configuration.setBoolean("gc", null, "autoDetach", false);
        return configuration;
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fileSystem) {
        return new EmptyConfig(parent, fileSystem);
    }

    private static final class EmptyConfig extends FileBasedConfig {

        @SuppressWarnings("NullAway") // A configuration without a file is how the library spells an empty one.
        EmptyConfig(@Nullable Config parent, FS fileSystem) {
            super(parent, null, fileSystem);
        }

        @Override
        public void load() {}

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
