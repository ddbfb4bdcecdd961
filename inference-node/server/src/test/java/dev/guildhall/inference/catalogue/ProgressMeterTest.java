package dev.guildhall.inference.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {

    private final List<String> lines = new ArrayList<>();
    private long nanos;

    private final ProgressMeter meter = new ProgressMeter(
            "tiny",
            1_000,
            new DownloadProgress() {
                @Override
                public void moved(String model, long bytesDone, long bytesTotal, long bytesPerSecond) {
                    lines.add("%d/%d %d/s".formatted(bytesDone, bytesTotal, bytesPerSecond));
                }

                @Override
                public void said(String message) {}
            },
            () -> nanos);

    @Test
    void countsOnlyWhatWasFetchedNowAsSpeed() {
        meter.begin(500);
        at(1_000, 600);
        at(2_000, 800);

        assertThat(lines).containsExactly("600/1000 100/s", "800/1000 150/s");
    }

    @Test
    void reportsTwiceASecondAtMostAndTheEndOnce() {
        meter.begin(0);
        at(1_000, 100);
        at(1_100, 200);
        at(1_200, 1_000);
        at(9_000, 1_000);

        assertThat(lines).containsExactly("100/1000 100/s", "1000/1000 833/s");
    }

    @Test
    void neverGoesBackwardsOrOverTheEnd() {
        meter.begin(0);
        at(1_000, 700);
        at(2_000, 300);
        at(3_000, 5_000);

        assertThat(lines).containsExactly("700/1000 700/s", "700/1000 350/s", "1000/1000 333/s");
    }

    private void at(long millis, long bytes) {
        nanos = millis * 1_000_000;
        meter.at(bytes);
    }
}
