package dev.guildhall.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankFusionTest {

    @Test
    void whatSeveralListsHoldComesFirst() {
        RankFusion fusion = new RankFusion();
        fusion.add(List.of(1L, 2L, 3L), 1);
        fusion.add(List.of(4L, 3L), 1);

        assertThat(fusion.ranked()).containsExactly(3L, 1L, 4L, 2L);
    }

    @Test
    void aHeavierListCountsMore() {
        RankFusion fusion = new RankFusion();
        fusion.add(List.of(1L), 1);
        fusion.add(List.of(2L), 2);

        assertThat(fusion.ranked()).containsExactly(2L, 1L);
        assertThat(fusion.score(2)).isEqualTo(2.0 / 61);
        assertThat(fusion.score(9)).isZero();
    }
}
