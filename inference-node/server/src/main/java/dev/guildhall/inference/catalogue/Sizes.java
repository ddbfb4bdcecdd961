package dev.guildhall.inference.catalogue;

import java.util.Locale;

/** Byte counts for people, in powers of 1024. */
final class Sizes {

    private static final long MEBI = 1L << 20;
    private static final long GIBI = 1L << 30;

    private Sizes() {}

    static String human(long bytes) {
        if (bytes >= GIBI) {
            return String.format(Locale.ROOT, "%.2f GiB", (double) bytes / GIBI);
        }
        return String.format(Locale.ROOT, "%.1f MiB", (double) bytes / MEBI);
    }
}
