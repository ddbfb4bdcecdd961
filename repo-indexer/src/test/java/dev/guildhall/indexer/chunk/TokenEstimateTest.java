package dev.guildhall.indexer.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenEstimateTest {

    @Test
    void countsMarksAndPiecesOfWords() {
        assertThat(TokenEstimate.of("int x = 1;")).isEqualTo(5);
        assertThat(TokenEstimate.of("refundService")).isEqualTo(5);
        assertThat(TokenEstimate.of("  \n\t")).isZero();
    }

    @Test
    void everyLetterOfOtherScriptsCounts() {
        assertThat(TokenEstimate.of("中文")).isEqualTo(2);
    }

    @Test
    void headIsTheLongestThatFits() {
        assertThat(TokenEstimate.head("one two six", 2)).isEqualTo("one two ");
        assertThat(TokenEstimate.head("one two", 5)).isEqualTo("one two");
    }

    @Test
    void headNeverCutsACharacterInHalf() {
        assertThat(TokenEstimate.head("a😀😀", 2)).isEqualTo("a");
    }
}
