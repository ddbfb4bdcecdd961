package dev.guildhall.reviewbot.reviewer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.reviewbot.pullrequest.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnchorTest {

    private static final List<Line> PASSAGE = List.of(
            Line.context(9, 9, "void pay() {"),
            Line.added(10, "    sale.close();"),
            Line.removed(10, "    check(amount);"),
            Line.context(11, 11, "    charge(amount);"),
            Line.added(12, "    log(amount);"),
            Line.context(12, 13, "}"),
            Line.added(20, "    sale.close();"));

    @Test
    void quoteDecidesAndNumberChoosesBetweenTwins() {
        assertThat(line(11, "sale.close();")).isEqualTo(10);
        assertThat(line(19, "sale.close();")).isEqualTo(20);
        assertThat(line(3, "log(amount);")).isEqualTo(12);
    }

    @Test
    void numberAndMarkInFrontOfTheQuoteAreForgiven() {
        assertThat(line(12, "12+     log(amount);")).isEqualTo(12);
        assertThat(line(12, "+ log(amount);")).isEqualTo(12);
    }

    @Test
    void partOfALineIsEnoughIfItIsLong() {
        assertThat(line(1, "log(amount)")).isEqualTo(12);
        assertThat(Anchor.find(PASSAGE, 12, "log(")).isEmpty();
    }

    @Test
    void unchangedLineCountsOnlyBesideARemovedOne() {
        assertThat(line(11, "charge(amount);")).isEqualTo(11);
        assertThat(Anchor.find(PASSAGE, 9, "void pay() {")).isEmpty();
    }

    @Test
    void inventedLineIsNowhere() {
        assertThat(Anchor.find(PASSAGE, 10, "database.dropEverything();")).isEmpty();
        assertThat(Anchor.find(PASSAGE, 10, "")).isEmpty();
    }

    private static int line(int number, String quote) {
        return Anchor.find(PASSAGE, number, quote).orElseThrow().newNumber();
    }
}
