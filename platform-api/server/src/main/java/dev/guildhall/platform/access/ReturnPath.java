package dev.guildhall.platform.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page of ours to which a person comes back after signing in. Never leads to another host. */
final class ReturnPath {

    static final String PARAMETER = "return";
    private static final String ATTRIBUTE = "guildhall.return-path";

    /** One slash, then printable ASCII without a second slash, a backslash or a space. */
    private static final Pattern LOCAL = Pattern.compile("/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]{0,1999}");

    private ReturnPath() {}

    static void remember(HttpServletRequest request) {
        String path = checked(request.getParameter(PARAMETER));
        if (path.equals("/")) {
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.removeAttribute(ATTRIBUTE);
            }
        } else {
            request.getSession().setAttribute(ATTRIBUTE, path);
        }
    }

    static String recall(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null) {
            return "/";
        }
        Object path = session.getAttribute(ATTRIBUTE);
        session.removeAttribute(ATTRIBUTE);
        return path instanceof String text ? checked(text) : "/";
    }

    /** The path when it is a local one, else the front page. */
    static String checked(@Nullable String path) {
        return path != null && LOCAL.matcher(path).matches() ? path : "/";
    }
}
