package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {

    @Test
    void runsEveryItemOnceInEveryRound() {
        try (Workers workers = new Workers(3)) {
            for (int round = 0; round < 2000; round++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(round % 50);
                workers.run(runs.length(), (_, item) -> runs.incrementAndGet(item));
                for (int item = 0; item < runs.length(); item++) {
                    assertThat(runs.get(item)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void tellsTheCallerWhatFailedAndGoesOn() {
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.run(10, (_, item) -> {
                        if (item == 7) {
                            throw new ArithmeticException("seven");
                        }
                    }))
                    .hasRootCauseMessage("seven");
            workers.run(10, (_, _) -> {});
        }
    }

    @Test
    void refusesWorkAfterItWasClosed() {
        Workers workers = new Workers(2);
        workers.close();
        assertThatThrownBy(() -> workers.run(2, (_, _) -> {})).hasMessage("the workers were closed");
    }
}
