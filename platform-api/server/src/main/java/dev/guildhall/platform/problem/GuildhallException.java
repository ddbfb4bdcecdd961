package dev.guildhall.platform.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A problem on its way to the caller. The message says what was wrong, with the values, and what to do. */
public final class GuildhallException extends RuntimeException {

    private final ErrorCode code;
    private final transient List<FieldError> errors;

    public GuildhallException(ErrorCode code, String message) {
        this(code, message, List.of(), null);
    }

    public GuildhallException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), cause);
    }

    private GuildhallException(ErrorCode code, String message, List<FieldError> errors, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    /** A request with something wrong in the given fields. */
    public static GuildhallException invalid(List<FieldError> errors) {
        return new GuildhallException(ErrorCode.INVALID_REQUEST, describe(errors), errors, null);
    }

    /** A request with one field wrong. */
    public static GuildhallException invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    public ErrorCode code() {
        return code;
    }

    public List<FieldError> errors() {
        return errors;
    }

    static String describe(List<FieldError> errors) {
        return errors.stream()
                .map(error -> error.field() + ": " + error.message())
                .reduce((left, right) -> left + "; " + right)
                .orElse("");
    }
}
