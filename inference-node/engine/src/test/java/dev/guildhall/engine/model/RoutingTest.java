package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.model.Experts.Router;
import dev.guildhall.engine.model.Experts.Scores;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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

    private static final float[] NO_BIAS = {};
    private static final Experts SHARES = new Experts(4, 2, 8, 0, 0, Router.softmax(false));

    @Test
    void weighsTheLikeliestByTheirShareOfAll() {
        Routing routing = new Routing(LOGITS, 2, SHARES, NO_BIAS);
        assertThat(routing.weights()).containsExactly(new float[] {0.4f, 0.3f, 0.5f, 0.2f}, within(1e-6f));
    }

    @Test
    void weighsTheLikeliestAmongThemselvesWhereTheModelDoes() {
        Routing routing = new Routing(LOGITS, 2, new Experts(4, 2, 8, 0, 0, Router.softmax(true)), NO_BIAS);
        assertThat(routing.weights()).containsExactly(new float[] {4 / 7f, 3 / 7f, 5 / 7f, 2 / 7f}, within(1e-6f));
    }

    @Test
    void putsTheRowsOfAnExpertTogether() {
        Routing routing = new Routing(LOGITS, 2, SHARES, NO_BIAS);
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
        Routing routing = new Routing(
                new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN},
                1,
                new Experts(4, 3, 8, 0, 0, Router.softmax(true)),
                NO_BIAS);
        assertThat(routing.rowCount()).isEqualTo(3);
        for (int expert = 0; expert < 4; expert++) {
            assertThat(routing.rowCount(expert)).isLessThanOrEqualTo(1);
        }
    }

    /** Scores are .5, .75, .8, .67, .83, .5, .67, .67. */
    @Test
    void aBiasHelpsAnExpertToBeChosenWithoutCountingInItsWeight() {
        Experts experts = new Experts(8, 2, 8, 0, 0, new Router(Scores.SIGMOID, 1, 1, false, 2.5));
        Routing routing = new Routing(LOGITS, 1, experts, new float[] {1, 0, 0, 0, 0, 0, 0, 0});
        assertThat(chosen(routing, 8)).containsExactly(0, 4);
        assertThat(routing.weights()).containsExactly(new float[] {0.5f * 2.5f, 5 / 6f * 2.5f}, within(1e-6f));
    }

    @Test
    void onlyExpertsOfTheGroupsWithTheBestPairsAreInTheRunning() {
        Experts experts = new Experts(8, 3, 8, 0, 0, new Router(Scores.SIGMOID, 4, 2, true, 1));
        // Pairs: 1.25, 1.47, 1.23, 1.33.
        float[] bias = {0, 0, 0, 0, 0, -0.1f, 0, 0};
        Routing routing = new Routing(LOGITS, 1, experts, bias);
        assertThat(chosen(routing, 8)).containsExactly(2, 3, 6);
        float total = 0.8f + 2 / 3f + 2 / 3f;
        assertThat(routing.weights())
                .containsExactly(new float[] {0.8f / total, 2 / 3f / total, 2 / 3f / total}, within(1e-6f));
    }

    @Test
    void choosesDifferentExpertsOfTheGroupsEvenWhereScoresAreNoNumbers() {
        float[] none = new float[8];
        Arrays.fill(none, Float.NaN);
        Routing routing =
                new Routing(none, 1, new Experts(8, 4, 8, 0, 0, new Router(Scores.SIGMOID, 4, 2, true, 1)), none);
        assertThat(chosen(routing, 8)).hasSize(4);
    }

    private static List<Integer> chosen(Routing routing, int experts) {
        return IntStream.range(0, experts)
                .filter(expert -> routing.rowCount(expert) > 0)
                .boxed()
                .toList();
    }
}
