package dev.guildhall.engine.template;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A string that knows which of its characters the template wrote itself; the others came from outside. */
public final class Text {

    static final Text EMPTY = data("");

    private final String characters;

    /** Starts and ends of what the template wrote, ascending, never touching. */
    private final int[] own;

    private Text(String characters, int[] own) {
        this.characters = characters;
        this.own = own;
    }

    static Text data(String characters) {
        return new Text(characters, new int[0]);
    }

    static Text literal(String characters) {
        return new Text(characters, characters.isEmpty() ? new int[0] : new int[] {0, characters.length()});
    }

    public String characters() {
        return characters;
    }

    /** Whether the template wrote all of it from {@code start} to {@code end}. */
    public boolean isOwn(int start, int end) {
        int place = Arrays.binarySearch(own, start);
        // Found at an even place, or past one: within a range that began there.
        int range = place >= 0 ? place : -place - 2;
        return range >= 0 && range % 2 == 0 && end <= own[range + 1];
    }

    int length() {
        return characters.length();
    }

    boolean isEmpty() {
        return characters.isEmpty();
    }

    Text slice(int start, int end) {
        if (start == 0 && end == characters.length()) {
            return this;
        }
        Builder part = new Builder();
        part.append(this, start, end);
        return part.build();
    }

    Text plus(Text other) {
        Builder both = new Builder();
        both.append(this);
        both.append(other);
        return both.build();
    }

    /** The same provenance as the whole, for a change that keeps no characters in place. */
    Text like(String changed) {
        return own.length == 2 && own[0] == 0 && own[1] == characters.length() ? literal(changed) : data(changed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Text text && text.characters.equals(characters);
    }

    @Override
    public int hashCode() {
        return characters.hashCode();
    }

    @Override
    public String toString() {
        return characters;
    }

    /** A text that grows. */
    static final class Builder {
        private final StringBuilder characters = new StringBuilder();
        private int[] own = new int[8];
        private int ownSize;

        void append(Text text) {
            append(text, 0, text.characters.length());
        }

        void append(Text text, int start, int end) {
            int shift = characters.length() - start;
            characters.append(text.characters, start, end);
            for (int range = 0; range < text.own.length; range += 2) {
                int from = Math.max(start, text.own[range]);
                int to = Math.min(end, text.own[range + 1]);
                if (from < to) {
                    addOwn(from + shift, to + shift);
                }
            }
        }

        private void addOwn(int start, int end) {
            if (ownSize > 0 && own[ownSize - 1] == start) {
                own[ownSize - 1] = end;
                return;
            }
            if (ownSize == own.length) {
                own = Arrays.copyOf(own, ownSize * 2);
            }
            own[ownSize++] = start;
            own[ownSize++] = end;
        }

        int length() {
            return characters.length();
        }

        Text build() {
            return new Text(characters.toString(), Arrays.copyOf(own, ownSize));
        }
    }
}
