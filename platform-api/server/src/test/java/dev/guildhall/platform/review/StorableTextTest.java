package dev.guildhall.platform.review;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StorableTextTest {

    @Test
    void ordinaryTextStaysTheSame() {
        String text = "é, 漢, 😀 and\ttabs";
        assertThat(StorableText.of(text)).isSameAs(text);
    }

    @Test
    void whatPostgresRefusesIsReplaced() {
        assertThat(StorableText.of("a\0b\uD83Dc\uDE00")).isEqualTo("a\uFFFDb\uFFFDc\uFFFD");
    }
}
