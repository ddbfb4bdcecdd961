package dev.guildhall.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryTermsTest {

    @Test
    void commonWordsAreNotLookedFor() {
        assertThat(QueryTerms.of("where is the refund booked")).containsExactly("refund", "booked");
    }

    @Test
    void commonWordsAloneAreLookedForAfterAll() {
        assertThat(QueryTerms.of("what is this")).containsExactly("what", "is", "this");
    }

    @Test
    void aNameIsToldFromASentence() {
        assertThat(QueryTerms.isIdentifier(" RefundService.refund ")).isTrue();
        assertThat(QueryTerms.isIdentifier("refund an order")).isFalse();
        assertThat(QueryTerms.isIdentifier("?")).isFalse();
    }
}
