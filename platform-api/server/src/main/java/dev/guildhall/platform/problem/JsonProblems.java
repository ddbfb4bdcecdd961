package dev.guildhall.platform.problem;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/** Says where in a JSON body something is wrong. */
public final class JsonProblems {

    private JsonProblems() {}

    /** {@code malformed-json} with line and column, or {@code invalid-request} with the field. */
    public static GuildhallException of(JacksonException exception) {
        TokenStreamLocation location = exception.getLocation();
        String place =
                location == null ? "" : "line %d, column %d: ".formatted(location.getLineNr(), location.getColumnNr());
        boolean syntax = exception instanceof StreamReadException || exception instanceof StreamConstraintsException;
        if (!syntax
                && exception instanceof DatabindException databind
                && !databind.getPath().isEmpty()) {
            return GuildhallException.invalid(path(databind), place + reason(exception));
        }
        return new GuildhallException(ErrorCode.MALFORMED_JSON, place + reason(exception));
    }

    private static String path(DatabindException exception) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : exception.getPath()) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }

    /** The innermost reason, without the class names that Jackson adds for its own users. */
    private static String reason(JacksonException exception) {
        if (exception.getCause() instanceof IllegalArgumentException cause && cause.getMessage() != null) {
            return cause.getMessage();
        }
        if (exception instanceof DatabindException) {
            return "the value has the wrong type or is not allowed";
        }
        return exception.getOriginalMessage();
    }
}
