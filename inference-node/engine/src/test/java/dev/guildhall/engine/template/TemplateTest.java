package dev.guildhall.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TemplateTest {

    private static Text render(String source, Map<String, Object> variables) {
        return Template.parse(source).render(variables, Map.of(), Clock.systemUTC());
    }

    @TestFactory
    Stream<DynamicTest> rendersAsTheReferenceDoes() throws IOException {
        JsonNode golden;
        try (InputStream in =
                Objects.requireNonNull(TemplateTest.class.getResourceAsStream("/golden/chat-templates.json"))) {
            golden = JsonMapper.shared().readTree(in);
        }
        Map<String, Object> variables =
                JsonMapper.shared().convertValue(golden.get("variables"), new TypeReference<Map<String, Object>>() {});
        return StreamSupport.stream(golden.get("expressions").spliterator(), false)
                .map(expression -> {
                    String source = expression.get("template").stringValue();
                    return dynamicTest(source, () -> {
                        if (expression.get("rendered").isNull()) {
                            assertThatThrownBy(() -> render(source, variables)).isInstanceOf(TemplateException.class);
                        } else {
                            assertThat(render(source, variables).characters())
                                    .isEqualTo(expression.get("rendered").stringValue());
                        }
                    });
                });
    }

    @Test
    void knowsWhoWroteWhat() {
        Map<String, Object> variables = Map.of("a", " data ", "m", Map.of("k", "v"));
        assertThat(own("x{{ a }}y", variables)).isEqualTo("x      y");
        assertThat(own("{{ 'x' + a | trim + 'y' ~ a.strip() }}", variables)).isEqualTo("x    y    ");
        assertThat(own("{{ ('<' + a + '>').replace('at', 'XX') }}", variables)).isEqualTo("<  XX  >");
        assertThat(own("{{ ('<' + a + '>')[1:-1] }}{{ ('ab' + a)[::-1] }}", variables))
                .isEqualTo("            ba");
        assertThat(own("{{ ['x', a] | join('-') }}{{ ('x,' ~ a).split(',')[1] }}", variables))
                .isEqualTo("x-            ");
        assertThat(own("{{ m | tojson }}{% for k in m %}{{ k }}{% endfor %}", variables))
                .isBlank();
        assertThat(own(
                        "{% macro f(x) %}[{{ x }}]{% endmacro %}{{ f(a) }}{% set s %}({{ a }}){% endset %}{{ s }}",
                        variables))
                .isEqualTo("[      ](      )");
        assertThat(own("{{ (a + 'x') | upper }}{{ 'x' | upper }}", variables))
                .as("what changes as a whole counts as written by both")
                .isEqualTo("       X");
    }

    /** The template's own characters, and spaces for the others. */
    private static String own(String source, Map<String, Object> variables) {
        Text text = render(source, variables);
        StringBuilder own = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            own.append(text.isOwn(i, i + 1) ? text.characters().charAt(i) : ' ');
        }
        return own.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(100000) %}{% for b in range(100000) %}{% set x = b %}{% endfor %}{% endfor %}",
                "{% for a in range(100000) %}{% for b in range(1000) %}{{ 'x' * 100000 }}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='xxxxxxxxxxxxxxxx') %}{% for a in range(100) %}{% set ns.s = ns.s + ns.s %}{%"
                        + " endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for a in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{{ 'x' * 2000000000 }}",
                "{{ range(2000000000) }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set ns = namespace(l=[]) %}{% for a in range(200) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 9 ** 99 }}",
                "{{ 1 // 0 }}"
            })
    void endsWhatWouldNotEnd(String source) {
        long start = System.nanoTime();
        assertThatThrownBy(() -> render(source, Map.of())).isInstanceOf(TemplateException.class);
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    }

    @Test
    void refusesToNestWithoutEnd() {
        for (String source : new String[] {
            "{{ " + "(".repeat(400) + "1" + ")".repeat(400) + " }}",
            "{{ " + "-".repeat(400) + "1 }}",
            "{{ " + "1 if 1 else ".repeat(200) + "1 }}",
            "{% if 1 %}".repeat(5_000)
        }) {
            assertThatThrownBy(() -> Template.parse(source))
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining("nests deeper than 100 levels");
        }
        assertThatThrownBy(() -> Template.parse("{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}"))
                .hasMessageContaining("a tag has more than 1,000 parts");
        assertThat(render("{{ " + "not ".repeat(900) + "1 }}", Map.of()).characters())
                .isEqualTo("True");
        assertThat(render("{{ 1" + " + 1".repeat(450) + " }}", Map.of()).characters())
                .isEqualTo("451");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__ }}x",
                "{{ messages.getClass() }}",
                "{{ ''.getClass().forName('java.lang.Runtime') }}",
                "{{ l.append(1) }}",
                "{{ m.update({}) }}"
            })
    void reachesNothingOutside(String source) {
        Map<String, Object> variables = Map.of("l", List.of(), "m", Map.of());
        if (source.contains("__class__")) {
            assertThat(render(source, variables).characters()).isEqualTo("x");
        } else {
            assertThatThrownBy(() -> render(source, variables)).isInstanceOf(TemplateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{", "{% if %}", "{{ 1 + }}", "{{ 'a }}", "{% endif %}", "{% for %}", "{% for x in %}", "{{ [1, }}",
                        "{{ a. }}",
                "{# ", "{% raw %}", "{{ 1 2 }}", "{% set %}", "{% macro %}", "{{ {1} }}", "{{ '\\u12' }}", "{{ ? }}",
                        "{% x %}"
            })
    void saysWhatCannotBeRead(String source) {
        assertThatThrownBy(() -> Template.parse(source))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("line 1 of the template: ");
    }
}
