package dev.guildhall.reviewbot.pullrequest;

/**
 * One line of a hunk.
 *
 * @param oldNumber from 1; 0 for an added line
 * @param newNumber from 1; 0 for a removed line
 * @param text without its line ending
 */
public record Line(Kind kind, int oldNumber, int newNumber, String text) {

    /** What the change does to the line. */
    public enum Kind {
        CONTEXT(' '),
        ADDED('+'),
        REMOVED('-');

        private final char marker;

        Kind(char marker) {
            this.marker = marker;
        }

        /** The first column of a unified diff. */
        public char marker() {
            return marker;
        }
    }

    public static Line context(int oldNumber, int newNumber, String text) {
        return new Line(Kind.CONTEXT, oldNumber, newNumber, text);
    }

    public static Line added(int newNumber, String text) {
        return new Line(Kind.ADDED, 0, newNumber, text);
    }

    public static Line removed(int oldNumber, String text) {
        return new Line(Kind.REMOVED, oldNumber, 0, text);
    }

    public Line withText(String newText) {
        return new Line(kind, oldNumber, newNumber, newText);
    }

    /** Whether the line stands in the new version of the file. */
    public boolean onNewSide() {
        return kind != Kind.REMOVED;
    }
}
