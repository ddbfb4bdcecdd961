package dev.guildhall.platform.repository;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Where plain git finds a repository. Only forms that cannot make git run a command or show it a password. */
final class RepositoryLocation {

    private static final int LENGTH_MAX = 2_000;
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh", "git");
    private static final String REMEDY =
            "give the absolute path of a directory, or an http, https, ssh or git URL without a password";

    /** {@code git@host:owner/name.git}; the host and the path begin with a letter or digit, so that neither is an option. */
    private static final Pattern SCP_LIKE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9~/][^\\s:]*");

    private RepositoryLocation() {}

    /**
     * The location in the form that is stored.
     *
     * @throws IllegalArgumentException with what is wrong and what to give instead
     */
    static String checked(String text, List<Path> localRoots) {
        String location = text.strip();
        if (location.isEmpty() || location.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "has %d characters, allowed are 1 to %d: %s".formatted(location.length(), LENGTH_MAX, REMEDY));
        }
        if (location.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("holds a control character: " + REMEDY);
        }
        if (location.startsWith("/")) {
            return directory(location, localRoots);
        }
        if (location.contains("::")) {
            throw new IllegalArgumentException(
                    "'%s' names a remote helper, which would run a command: %s".formatted(location, REMEDY));
        }
        if (SCP_LIKE.matcher(location).matches()) {
            return location;
        }
        return url(location);
    }

    private static String directory(String location, List<Path> localRoots) {
        Path path;
        try {
            path = Path.of(location).normalize();
        } catch (InvalidPathException exception) {
            throw new IllegalArgumentException("'%s' is not a path: %s".formatted(location, REMEDY), exception);
        }
        if (localRoots.stream().noneMatch(path::startsWith)) {
            throw new IllegalArgumentException(
                    "'%s' is not under %s: move it there, or add its directory to guildhall.repository.local-roots"
                            .formatted(path, localRoots));
        }
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException(
                    "'%s' is not a directory that this service can see: %s".formatted(path, REMEDY));
        }
        return path.toString();
    }

    private static String url(String location) {
        URI uri;
        try {
            uri = new URI(location);
        } catch (URISyntaxException exception) {
            // Not the exception's text: it repeats the whole location, which may hold a password.
            throw new IllegalArgumentException("is neither a path nor a URL: " + REMEDY, exception);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException(
                    "has the scheme '%s', allowed are %s: %s".formatted(scheme, new TreeSet<>(SCHEMES), REMEDY));
        }
        if (uri.getHost() == null || uri.getHost().startsWith("-")) {
            throw new IllegalArgumentException("has no host: " + REMEDY);
        }
        String user = uri.getUserInfo();
        boolean userAllowed = scheme.equals("ssh") && user != null && user.matches("[A-Za-z0-9][A-Za-z0-9._-]*");
        if (user != null && !userAllowed) {
            throw new IllegalArgumentException(
                    "holds credentials: take them out and give git a credential helper on the server instead");
        }
        if (uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("has a query or a fragment: " + REMEDY);
        }
        return location;
    }
}
