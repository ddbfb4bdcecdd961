package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RoutingTest {

    private static final float[] LOGITS = {
        0,
        (float) Math.log(3),
        (float) Math.log(4),
        (float) Math.log(2),
        (float) Math.log(5),
        0,
        (float) Math.log(2),
        (float) Math.log(2),
    };

    @Test
    void weighsTheLikeliestByTheirShareOfAll() {
        Routing routing = new Routing(LOGITS, 2, new Experts(4, 2, 8, 0, false));
        assertThat(routing.weights()).containsExactly(new float[] {0.4f, 0.3f, 0.5f, 0.2f}, within(1e-6f));
    }

    @Test
    void weighsTheLikeliestAmongThemselvesWhereTheModelDoes() {
        Routing routing = new Routing(LOGITS, 2, new Experts(4, 2, 8, 0, true));
        assertThat(routing.weights()).containsExactly(new float[] {4 / 7f, 3 / 7f, 5 / 7f, 2 / 7f}, within(1e-6f));
    }

    @Test
    void putsTheRowsOfAnExpertTogether() {
        Routing routing = new Routing(LOGITS, 2, new Experts(4, 2, 8, 0, false));
        // Token 0 goes to experts 2 and 1, token 1 to 0 and, of two as likely, the first: 2.
        assertThat(routing.rowCount()).isEqualTo(4);
        assertThat(new int[] {routing.rowCount(0), routing.rowCount(1), routing.rowCount(2), routing.rowCount(3)})
                .containsExactly(1, 1, 2, 0);
        assertThat(routing.firstRow(2)).isEqualTo(2);
        assertThat(routing.rows()).containsExactly(2, 1, 0, 3);
        assertThat(new int[] {routing.token(0), routing.token(1), routing.token(2), routing.token(3)})
                .containsExactly(1, 0, 0, 1);
    }

    @Test
    void choosesDifferentExpertsEvenWhereScoresAreNoNumbers() {
        Routing routing =
                new Routing(new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN}, 1, new Experts(4, 3, 8, 0, true));
        assertThat(routing.rowCount()).isEqualTo(3);
        for (int expert = 0; expert < 4; expert++) {
            assertThat(routing.rowCount(expert)).isLessThanOrEqualTo(1);
        }
    }
}
