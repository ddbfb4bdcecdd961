package dev.guildhall.reviewbot.reviewer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.reviewbot.testing.Diffs;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HazardsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.py | def mean(values, count):;    return sum(values) / count | zero count
            a.py | def f(text):;    return NUMBER.match(text).group(1) | absent NUMBER.match(text)
            a.py | def f(rows):;    return rows[0] | empty rows
            a.py | def f(t):;    return [t[i + 1] - t[i] for i in range(len(t))] | out-of-bounds t
            a.py | def f(rows):;    rows.sort();    return rows | callers-list rows
            a.py | def f(self):;    for row in self.rows:;        self.rows.remove(row) | changed-while-read self.rows
            a.py | def f(path):;    file = open(path);    print(file.read()) | not-closed file
            a.py | def f():;    try:;        a();    except OSError:;        pass | error-ignored except OSError
            a.py | def f(rows):;    # Largest first.;    return 1 | ''
            A.java | class A {;  int f() {;    A a = find().orElse(null);;    return a.b();;  };} | absent a
            A.java | class A {;  A f(List<A> as) {;    return as.get(as.size());;  };} | out-of-bounds as
            a.ts | function f(rows: Row[]) {;  return rows.find((row) => row.ok)!.name;;} | absent rows.find((row) => row.ok)
            a.ts | function f(rows: number[]) {;  return rows.reduce((a, b) => a + b);;} | empty rows
            a.ts | function f(rows: number[]) {;  return rows.reduce((a, b) => a + b, 0);;} | ''
            a.ts | async function f(rows: Row[]) {;  rows.forEach(async (row) => save(row));;} | not-awaited rows.forEach
            a.ts | function url(count: number) {;  return `/api/${count}/size`;;} | ''
            a.go | func Read(path string) []byte {;	data, _ := os.ReadFile(path);	return data;} | error-ignored os.ReadFile
            a.go | func Last(rows []Row) Row {;	return rows[len(rows)-1];} | empty rows
            """)
    void hazardsAreSeen(String path, String code, String expected) {
        String text = code.replace(";;", "§").replace(";", "\n").replace("§", ";\n") + "\n";

        List<String> seen = Hazards.of(Diffs.addedFile(path, text)).stream()
                .map(hazard -> hazard.rule() + " " + hazard.subject())
                .toList();

        assertThat(seen).isEqualTo(expected.isEmpty() ? List.of() : List.of(expected));
    }

    @ParameterizedTest
    @CsvSource({"reverse=True,descending", "key=len,ascending"})
    void orderIsReadFromTheCode(String argument, String order) {
        String text =
                "def rows(all):\n    \"\"\"The longest first.\"\"\"\n    return sorted(all, %s)\n".formatted(argument);

        assertThat(Hazards.of(Diffs.addedFile("a.py", text)))
                .singleElement()
                .extracting(Hazard::subject)
                .isEqualTo(order);
    }
}
