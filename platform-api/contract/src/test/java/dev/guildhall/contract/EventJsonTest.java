package dev.guildhall.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.contract.event.GuildhallEvent;
import dev.guildhall.contract.review.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The events' JSON, held by golden files: whoever changes one changes what every service reads. */
class EventJsonTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Stream<String> names() {
        return Samples.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isWrittenAsTheGoldenFileSays(String name) throws IOException {
        JsonNode written = JSON.readTree(JSON.writeValueAsString(sample(name)));
        assertThat(written)
                .as(
                        "the JSON of %s:%n%s",
                        name, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(written))
                .isEqualTo(JSON.readTree(golden(name)));
    }

    @ParameterizedTest
    @MethodSource("names")
    void isReadBackAsItWas(String name) throws IOException {
        assertThat(JSON.readValue(golden(name), sample(name).getClass())).isEqualTo(sample(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void fieldsOfALaterVersionAreIgnored(String name) throws IOException {
        ObjectNode later = (ObjectNode) JSON.readTree(golden(name));
        later.put("addedLater", 1);
        later.valueStream()
                .filter(JsonNode::isObject)
                .forEach(child -> ((ObjectNode) child).putArray("addedLater").add("x"));
        assertThat(JSON.treeToValue(later, sample(name).getClass())).isEqualTo(sample(name));
    }

    @Test
    void everyEventHasAnExample() {
        Set<Class<?>> shown =
                Samples.all().values().stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(shown).containsExactlyInAnyOrder(GuildhallEvent.class.getPermittedSubclasses());
    }

    @Test
    void typesAreUniqueAndVersioned() {
        Set<String> types =
                Samples.all().values().stream().map(GuildhallEvent::type).collect(Collectors.toSet());
        assertThat(types).hasSize(GuildhallEvent.class.getPermittedSubclasses().length);
        assertThat(types).allMatch(type -> type.matches("dev\\.guildhall\\.[a-z]+\\.[a-z-]+\\.v1"));
    }

    @Test
    void keysKeepTheOrderOfOneReviewAndOneRepository() {
        assertThat(sample("pull-request").key())
                .isEqualTo("5b0cf2a4-6d3c-4f5e-9a7b-0c1d2e3f4a5b#1")
                .isEqualTo(sample("review-progress").key())
                .isEqualTo(sample("review-completed").key());
        assertThat(sample("push").key())
                .isEqualTo("5b0cf2a4-6d3c-4f5e-9a7b-0c1d2e3f4a5b")
                .isEqualTo(sample("index-progress").key());
    }

    @Test
    void topicsAreUniqueAndHaveDeadLetters() {
        assertThat(Arrays.asList(
                        Topics.PULL_REQUEST,
                        Topics.PUSH,
                        Topics.INDEX_PROGRESS,
                        Topics.REVIEW_PROGRESS,
                        Topics.REVIEW_COMPLETED))
                .doesNotHaveDuplicates()
                .containsAll(Samples.all().values().stream()
                        .map(GuildhallEvent::topic)
                        .toList());
        assertThat(Topics.deadLetter(Topics.PUSH)).isEqualTo("forge.push.dlt");
    }

    @Test
    void valuesThatCannotBeAreRefusedByName() {
        assertThatThrownBy(() -> new CommitId("HEAD"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'HEAD'");
        String noRange = "{\"startLine\":4,\"endLine\":3,\"path\":\"a.txt\",\"confidence\":1}";
        assertThatThrownBy(() -> JSON.readValue(noRange, Finding.class))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("lines 4 to 3 of a.txt");
    }

    private static GuildhallEvent sample(String name) {
        GuildhallEvent event = Samples.all().get(name);
        if (event == null) {
            throw new IllegalArgumentException("there is no sample " + name);
        }
        return event;
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = EventJsonTest.class.getResourceAsStream("event/" + name + ".json")) {
            assertThat(in).as("golden file event/%s.json", name).isNotNull();
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
