package dev.guildhall.inference.catalogue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/** A place that a model's file can be fetched from. */
sealed interface ModelSource {

    /** A model hub; its address is in the settings, so that a company's mirror serves. */
    record Hub(String repository) implements ModelSource {

        URI address(URI hub, String file) {
            String base = hub.toString();
            return URI.create("%s/%s/resolve/main/%s".formatted(base.replaceFirst("/+$", ""), repository, file));
        }
    }

    /** The file itself, at an http or https address. */
    record Address(URI uri) implements ModelSource {

        public Address {
            String scheme = uri.getScheme();
            if (!"http".equals(scheme) && !"https".equals(scheme)) {
                throw new IllegalArgumentException("%s is not an http or https address".formatted(uri));
            }
        }
    }

    /** A directory that holds the file under its own name, such as a share of the company. */
    record Directory(Path path) implements ModelSource {}

    /**
     * Python packages that hold the file in parts.
     *
     * @param name package name, with {@code {n}} for the part's number from 1
     * @param count parts
     * @param member end of the path inside the package, with {@code {nn}} for the number in two digits
     */
    record Packages(String name, String version, int count, String member) implements ModelSource {

        public Packages {
            if (count < 1 || count > 999) {
                throw new IllegalArgumentException("count %d of %s is not between 1 and 999".formatted(count, name));
            }
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._{}-]*") || !version.matches("[0-9][A-Za-z0-9.+]*")) {
                throw new IllegalArgumentException("'%s' %s is not a package and version".formatted(name, version));
            }
        }

        String requirement(int number) {
            return "%s==%s".formatted(name.replace("{n}", Integer.toString(number)), version);
        }

        String member(int number) {
            return member.replace("{nn}", String.format(Locale.ROOT, "%02d", number));
        }
    }

    /** For people. */
    default String description() {
        return switch (this) {
            case Hub hub -> "hub " + hub.repository();
            case Address address -> address.uri().toString();
            case Directory directory -> "directory " + directory.path();
            case Packages packages ->
                packages.count() == 1
                        ? "package %s %s".formatted(packages.name(), packages.version())
                        : "%d packages %s %s".formatted(packages.count(), packages.name(), packages.version());
        };
    }
}
