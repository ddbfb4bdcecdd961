package dev.guildhall.indexer.search;

import dev.guildhall.indexer.chunk.CodeTerms;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a search text asks for: its words without those that every text has. */
final class QueryTerms {

    private static final int TERMS_MAX = 40;
    private static final Pattern IDENTIFIER = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$.]{2,}");
    private static final Set<String> STOP_WORDS = Set.of(
            "a", "an", "and", "are", "as", "at", "be", "by", "can", "code", "do", "does", "for", "from", "how", "i",
            "if", "in", "is", "it", "me", "of", "on", "or", "that", "the", "then", "there", "this", "to", "we", "what",
            "when", "where", "which", "who", "why", "with", "you");

    private QueryTerms() {}

    /** The words worth looking for; all of them where nothing but common words was asked. */
    static List<String> of(String text) {
        List<String> all =
                CodeTerms.of(text).stream().distinct().limit(TERMS_MAX).toList();
        List<String> telling =
                all.stream().filter(term -> !STOP_WORDS.contains(term)).toList();
        return telling.isEmpty() ? all : telling;
    }

    /** Whether the text is one name, such as {@code RefundService.refund}. */
    static boolean isIdentifier(String text) {
        return IDENTIFIER.matcher(text.strip()).matches();
    }
}
