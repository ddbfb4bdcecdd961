package dev.guildhall.indexer.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits code into the words that lexical search knows.
 *
 * <p>{@code findUserById} gives {@code finduserbyid}, {@code find}, {@code user}, {@code by}, {@code id}; so does
 * {@code find_user_by_id}, so that either spelling finds the other. PostgreSQL alone would make one word of it.
 */
public final class CodeTerms {

    private static final int TERM_LENGTH_MAX = 64;
    private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}\\p{N}_$]+");
    private static final Pattern PART =
            Pattern.compile("\\p{Lu}+(?=\\p{Lu}\\p{Ll})|\\p{Lu}?[\\p{L}&&[^\\p{Lu}]]+|\\p{Lu}+|\\p{N}+");

    private CodeTerms() {}

    /** Every word of {@code text}, in order, with repetitions. */
    public static List<String> of(CharSequence text) {
        List<String> terms = new ArrayList<>();
        Matcher identifiers = IDENTIFIER.matcher(text);
        while (identifiers.find()) {
            addTerms(identifiers.group(), terms);
        }
        return terms;
    }

    private static void addTerms(String identifier, List<String> terms) {
        List<String> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(identifier);
        while (matcher.find()) {
            parts.add(matcher.group().toLowerCase(Locale.ROOT));
        }
        String whole = String.join("", parts);
        if (!whole.isEmpty() && whole.length() <= TERM_LENGTH_MAX) {
            terms.add(whole);
        }
        if (parts.size() > 1) {
            parts.stream().filter(part -> part.length() <= TERM_LENGTH_MAX).forEach(terms::add);
        }
    }
}
