package dev.guildhall.inference.catalogue;

import java.io.PrintStream;
import java.util.Locale;

/** Shows a download on a stream, as one line that is written over, or as lines for programs. */
final class ConsoleProgress implements DownloadProgress {

    /** How it is shown. */
    enum Style {
        /** One line that is written over. */
        LINE,
        /** A line {@code name bytesDone bytesTotal bytesPerSecond} for each step. */
        PLAIN,
        NONE
    }

    private final PrintStream out;
    private final Style style;
    private boolean lineOpen;

    ConsoleProgress(PrintStream out, Style style) {
        this.out = out;
        this.style = style;
    }

    @Override
    public void moved(String model, long bytesDone, long bytesTotal, long bytesPerSecond) {
        switch (style) {
            case PLAIN -> out.printf("%s %d %d %d%n", model, bytesDone, bytesTotal, bytesPerSecond);
            case LINE -> {
                out.printf(
                        Locale.ROOT,
                        "\r%s  %s of %s  %d %%  %s/s   ",
                        model,
                        Sizes.human(bytesDone),
                        Sizes.human(bytesTotal),
                        100 * bytesDone / bytesTotal,
                        Sizes.human(bytesPerSecond));
                lineOpen = true;
            }
            case NONE -> {}
        }
        out.flush();
    }

    @Override
    public void said(String message) {
        end();
        out.println((style == Style.PLAIN ? "# " : "") + message.replace(System.lineSeparator(), " "));
    }

    /** Ends the line that is written over. */
    void end() {
        if (lineOpen) {
            out.println();
            lineOpen = false;
        }
    }
}
