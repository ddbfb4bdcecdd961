package dev.guildhall.indexer.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeTermsTest {

    @Test
    void splitsAtCaseAndKeepsTheWhole() {
        assertThat(CodeTerms.of("findUserById")).containsExactly("finduserbyid", "find", "user", "by", "id");
    }

    @Test
    void bothSpellingsOfANameShareEveryTerm() {
        assertThat(CodeTerms.of("find_user_by_id")).isEqualTo(CodeTerms.of("findUserById"));
        assertThat(CodeTerms.of("FIND_USER_BY_ID")).isEqualTo(CodeTerms.of("findUserById"));
    }

    @Test
    void splitsAcronymsBeforeTheNextWord() {
        assertThat(CodeTerms.of("parseHTTPRequest2"))
                .containsExactly("parsehttprequest2", "parse", "http", "request", "2");
    }

    @Test
    void wordsOfASentenceStayWhole() {
        assertThat(CodeTerms.of("Where is the refund?")).containsExactly("where", "is", "the", "refund");
    }

    @Test
    void lettersOfAnyScriptAreWords() {
        assertThat(CodeTerms.of("größeÄndern 中文")).containsExactly("größeändern", "größe", "ändern", "中文");
    }

    @Test
    void termsThatNobodyTypesAreLeftOut() {
        assertThat(CodeTerms.of("a".repeat(65))).isEmpty();
    }

    @Test
    void noTermHoldsWhatTheQuerySyntaxReads() {
        assertThat(CodeTerms.of("a' | b & !c:* \\ <-> (d)")).containsExactly("a", "b", "c", "d");
    }
}
