package dev.guildhall.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A full git object name of a commit: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits. */
public record CommitId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CommitId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "commit id '%s' is not 40 or 64 lower-case hexadecimal digits".formatted(value));
        }
    }

    /** The first 12 digits, for people. */
    public String abbreviated() {
        return value.substring(0, 12);
    }

    @Override
    public String toString() {
        return value;
    }
}
