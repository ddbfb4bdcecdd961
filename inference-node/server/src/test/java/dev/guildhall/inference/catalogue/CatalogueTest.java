package dev.guildhall.inference.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.inference.catalogue.ModelSource.Packages;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class CatalogueTest {

    private final Catalogue catalogue = Catalogue.load();

    @Test
    void namesTheModelsThatGuildhallComesWith() {
        assertThat(catalogue.models())
                .extracting(CatalogueModel::name)
                .containsExactly(
                        "qwen2.5-coder-1.5b",
                        "qwen2.5-coder-0.5b",
                        "smollm2-135m",
                        "qwen3-coder-30b",
                        "bge-small-en-v1.5");
        assertThat(catalogue.require("bge-small-en-v1.5").builtIn()).isTrue();
    }

    @Test
    void saysWhichModelsThereAre() {
        assertThatThrownBy(() -> catalogue.require("gpt"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("no model is called 'gpt'; the catalogue has qwen2.5-coder-1.5b,");
    }

    @Test
    void numbersPackagesAndTheirMembers() {
        Packages packages = new Packages("some-part{n}", "0.2.0", 22, "data/part{nn}.bin");

        assertThat(packages.requirement(3)).isEqualTo("some-part3==0.2.0");
        assertThat(packages.member(3)).isEqualTo("data/part03.bin");
        assertThat(packages.member(22)).isEqualTo("data/part22.bin");
    }

    @Test
    void addressesAFileOfTheHub() {
        assertThat(new ModelSource.Hub("Qwen/X").address(URI.create("https://hub.example/m/"), "x.gguf"))
                .isEqualTo(URI.create("https://hub.example/m/Qwen/X/resolve/main/x.gguf"));
    }

    @Test
    void picksByFreeMemoryAndSaysWhatALargerOneWouldBring() throws InterruptedException {
        ModelPick small = pick(5, true);
        assertThat(small.model().name()).isEqualTo("qwen2.5-coder-0.5b");
        assertThat(small.explanation())
                .isEqualTo("qwen2.5-coder-0.5b, since 5.00 GiB of memory are free; from 6.00 GiB free"
                        + " qwen2.5-coder-1.5b would be picked, which sees mistakes in code that the 0.5B misses");

        ModelPick medium = pick(31, true);
        assertThat(medium.model().name()).isEqualTo("qwen2.5-coder-1.5b");
        assertThat(medium.explanation()).contains("from 32.00 GiB free qwen3-coder-30b would be picked");

        ModelPick large = pick(32, true);
        assertThat(large.model().name()).isEqualTo("qwen3-coder-30b");
        assertThat(large.larger()).isNull();
    }

    @Test
    void picksASmallerOneWhereNoHubAnswers() throws InterruptedException {
        ModelPick pick = pick(64, false);
        assertThat(pick.model().name()).isEqualTo("qwen2.5-coder-1.5b");
        assertThat(pick.explanation())
                .isEqualTo("qwen2.5-coder-1.5b, since 64.00 GiB of memory are free; qwen3-coder-30b, which reads code"
                        + " as a developer does, would fit, but no model hub answers that has it"
                        + " (GUILDHALL_MODELS_HUB names one)");
    }

    private ModelPick pick(int gibibytes, boolean hub) throws InterruptedException {
        return ModelPick.of(
                catalogue,
                DataSize.ofGigabytes(gibibytes).toBytes(),
                model -> hub || !model.name().equals("qwen3-coder-30b"));
    }

    @Test
    void refusesAMisspeltKey() {
        String yaml = """
                - name: tiny
                  display-name: Tiny
                  licence: MIT
                  kind: chat
                  purpose: tests
                  memory: 1MB
                  built-in: true
                  pick-form: 6GB
                """;

        assertThatThrownBy(() -> Catalogue.parse(yaml)).hasMessageContaining("unknown keys [pick-form]");
    }

    @Test
    void refusesAModelThatIsNamedTwice() {
        String yaml = """
                - {name: a, display-name: A, licence: MIT, kind: chat, purpose: p, memory: 1MB, built-in: true}
                - {name: a, display-name: A, licence: MIT, kind: chat, purpose: p, memory: 1MB, built-in: true}
                """;

        assertThatThrownBy(() -> Catalogue.parse(yaml)).hasMessageContaining("names 'a' twice");
    }
}
