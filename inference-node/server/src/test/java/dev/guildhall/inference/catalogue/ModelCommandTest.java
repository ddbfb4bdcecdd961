package dev.guildhall.inference.catalogue;

import static dev.guildhall.inference.catalogue.TestModels.CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelCommandTest {

    @TempDir
    private Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void pullsWithProgressForPrograms() throws IOException {
        try (FileServer server = new FileServer(CONTENT)) {
            int code = run(TestModels.model(TestModels.at(server.address())), "pull", "tiny", "--progress", "plain");

            assertThat(code).isZero();
            assertThat(text(err).lines().toList()).last().asString().matches("tiny 300000 300000 \\d+");
            assertThat(text(out)).contains("tiny.gguf").contains("sha256 ok");
        }
    }

    @Test
    void writesOneJsonDocument() throws IOException {
        Files.write(root.resolve("tiny.gguf"), CONTENT);

        assertThat(run(TestModels.model(), "list", "--json")).isZero();
        JsonNode model = json().get("models").get(0);
        assertThat(model.get("name").asString()).isEqualTo("tiny");
        assertThat(model.get("state").asString()).isEqualTo("present");
        assertThat(model.get("bytes").asLong()).isEqualTo(CONTENT.length);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void saysWhatAFileIs() {
        Path file = Path.of("../engine/src/test/resources/golden/qwen2-tied-q4.gguf");

        assertThat(run(TestModels.model(), "info", file.toString(), "--json")).isZero();
        assertThat(json().get("architecture").asString()).isEqualTo("qwen2");
        assertThat(json().get("contextTokens").asInt()).isEqualTo(128);
        assertThat(json().get("layers").asInt()).isEqualTo(3);
        assertThat(json().at("/tensorTypes/Q4_0").asInt()).isEqualTo(12);
    }

    @Test
    void saysWhatMemoryAContextTakes() {
        Path file = Path.of("../engine/src/test/resources/golden/qwen3-tied-q8.gguf");

        assertThat(run(
                        TestModels.model(), "info", file.toString(), "--context", "100", "--users", "3", "--check",
                        "--json"))
                .isZero();
        assertThat(json().get("cachedTokens").asInt()).isEqualTo(300);
        // Two layers of two heads of 32, keys and values, f32.
        assertThat(json().at("/cacheBytes/f32").asLong()).isEqualTo(300L * 2 * 2 * 32 * 2 * 4);
        assertThat(json().get("fits").properties()).hasSize(2);
        assertThat(json().get("checked").asBoolean()).isTrue();

        assertThat(run(TestModels.model(), "info", file.toString(), "--users", "0")).isEqualTo(2);
        assertThat(text(err)).contains("--users is 0; allowed is 1 to 100,000");
    }

    @Test
    void saysWhatAConfigurationAloneWouldTake() {
        Path config = Path.of("../engine/src/test/resources/golden/qwen3moe-bf16-hub/config.json");

        assertThat(run(TestModels.model(), "info", config.toString())).isZero();
        assertThat(text(out)).contains("q4_k weights, q8 cache").contains("activeParameters");
        assertThat(run(TestModels.model(), "info", config.resolveSibling("").toString())).isZero();
        assertThat(text(out)).contains("BF16=");
    }

    @Test
    void refusesAFileThatIsNoModelByName() throws IOException {
        Path file = Files.write(root.resolve("broken.gguf"), CONTENT);

        assertThat(run(TestModels.model(), "info", file.toString())).isEqualTo(1);
        assertThat(text(err)).contains("broken.gguf").contains("is refused");
    }

    @Test
    void takesAnotherDirectory() throws IOException {
        Path other = Files.createDirectories(root.resolve("other"));
        Files.write(other.resolve("tiny.gguf"), CONTENT);

        assertThat(run(TestModels.model(), "remove", "tiny", "--models-dir", other.toString()))
                .isZero();
        assertThat(text(out).strip()).isEqualTo("tiny removed");
        assertThat(other.resolve("tiny.gguf")).doesNotExist();
    }

    @Test
    void failsWithOneWhereNothingCanBeFetched() {
        assertThat(run(TestModels.model(new ModelSource.Directory(root)), "pull", "tiny"))
                .isEqualTo(1);
        assertThat(text(err)).contains("could not be fetched").contains("by hand");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void failsWithOneWhereTheNameIsUnknown() {
        assertThat(run(TestModels.model(), "pull", "huge")).isEqualTo(1);
        assertThat(text(err)).contains("no model is called 'huge'; the catalogue has tiny");
    }

    @Test
    void failsWithTwoWhereItIsUsedWrongly() {
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("fetch"),
                List.of("pull"),
                List.of("list", "tiny"),
                List.of("list", "--yaml"),
                List.of("pull", "tiny", "--progress", "loud"),
                List.of("list", "--models-dir"))) {
            assertThat(run(TestModels.model(), wrong.toArray(String[]::new)))
                    .describedAs("%s", wrong)
                    .isEqualTo(2);
        }
        assertThat(text(err)).contains("usage: model list");
    }

    @Test
    void picksForThisMachine() {
        assertThat(command(Catalogue.load()).run(List.of("pick", "--json"))).isZero();
        assertThat(json().get("name").asString()).isEqualTo("qwen2.5-coder-0.5b");
        assertThat(json().get("larger").asString()).isEqualTo("qwen2.5-coder-1.5b");
    }

    @Test
    void helps() {
        assertThat(run(TestModels.model(), "--help")).isZero();
        assertThat(text(out)).contains("model pick");
    }

    private int run(CatalogueModel model, String... arguments) {
        return command(new Catalogue(List.of(model))).run(List.of(arguments));
    }

    private ModelCommand command(Catalogue catalogue) {
        return new ModelCommand(
                catalogue,
                TestModels.settings(root),
                Map.of(),
                1L << 30,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(text(out));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
