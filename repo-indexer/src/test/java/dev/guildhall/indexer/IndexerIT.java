package dev.guildhall.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.contract.event.IndexProgress.State;
import dev.guildhall.contract.search.CodeSearch;
import dev.guildhall.contract.search.ContextAnswer;
import dev.guildhall.contract.search.ContextAnswer.Role;
import dev.guildhall.contract.search.ContextQuery;
import dev.guildhall.contract.search.SearchAnswer;
import dev.guildhall.contract.search.SearchQuery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** The whole service: pushes in, progress out, answers over HTTP. */
class IndexerIT {

    private static final String REFUND_SERVICE = """
            package shop.till;

            import java.util.List;

            /** Gives money back. */
            public class RefundService {

                private final Ledger ledger;

                RefundService(Ledger ledger) {
                    this.ledger = ledger;
                }

                /** Refunds an order once; a second call does nothing. */
                public Receipt refundOrder(Order order) {
                    if (ledger.alreadyRefunded(order)) {
                        return Receipt.empty();
                    }
                    ledger.bookRefund(order, order.total());
                    return new Receipt(order.total());
                }

                public List<Receipt> refundAll(List<Order> orders) {
                    return orders.stream().map(this::refundOrder).toList();
                }
            }
            """;

    private static final String LEDGER = """
            package shop.till;

            /** The book of every payment. */
            public class Ledger {

                /** Whether money of this order went back already. */
                public boolean alreadyRefunded(Order order) {
                    return refunds.contains(order.id());
                }

                public void bookRefund(Order order, long amountCents) {
                    refunds.add(order.id());
                    entries.add(new Entry(order.id(), -amountCents));
                }
            }
            """;

    @TempDir
    static Path directory;

    private static TestDatabase database;
    private static FakeEmbeddings embeddings;
    private static Platform platform;
    private static ConfigurableApplicationContext service;
    private static String token;
    private static String group;

    private final List<TestRepository> repositories = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        group = "repo-indexer-" + UUID.randomUUID();
        database = new TestDatabase();
        embeddings = new FakeEmbeddings();
        service = startService();
        platform = new Platform();
        token = fetchToken();
    }

    private static String fetchToken() {
        Map<?, ?> answer = Objects.requireNonNull(RestClient.create()
                .post()
                .uri(TestEnvironment.required("GUILDHALL_TEST_ISSUER") + "/protocol/openid-connect/token")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(MultiValueMap.fromSingleValue(Map.of(
                        "grant_type", "client_credentials",
                        "client_id", "repo-indexer",
                        "client_secret", TestEnvironment.required("GUILDHALL_TEST_CLIENT_SECRET"))))
                .retrieve()
                .body(Map.class));
        return String.valueOf(answer.get("access_token"));
    }

    private static ConfigurableApplicationContext startService() {
        ConfigurableApplicationContext started = new SpringApplicationBuilder(IndexerApplication.class)
                .properties(Map.ofEntries(
                        Map.entry("GUILDHALL_PORT", "0"),
                        Map.entry("GUILDHALL_DATABASE_URL", database.url()),
                        Map.entry("GUILDHALL_DATABASE_USER", database.role()),
                        Map.entry("GUILDHALL_DATABASE_PASSWORD", TestDatabase.ROLE_PASSWORD),
                        Map.entry("GUILDHALL_KAFKA_SERVERS", TestEnvironment.required("GUILDHALL_TEST_KAFKA_SERVERS")),
                        Map.entry("GUILDHALL_ISSUER", TestEnvironment.required("GUILDHALL_TEST_ISSUER")),
                        Map.entry("GUILDHALL_CLIENT_ID", "repo-indexer"),
                        Map.entry("GUILDHALL_CLIENT_SECRET", TestEnvironment.required("GUILDHALL_TEST_CLIENT_SECRET")),
                        Map.entry("GUILDHALL_INFERENCE_URL", embeddings.url()),
                        Map.entry(
                                "GUILDHALL_STATE_DIR",
                                directory.resolve("state").toString())))
                .run(
                        "--guildhall.indexer.consumer-group=" + group,
                        "--guildhall.indexer.embed.wait-first=50ms",
                        "--guildhall.indexer.indexing.poll-interval=200ms",
                        "--guildhall.indexer.indexing.retry-wait-first=100ms",
                        "--guildhall.indexer.indexing.unused-content-kept=0s",
                        "--spring.kafka.consumer.auto-offset-reset=latest");
        // Messages sent before the group has its place in the topic would be missed by a group that is new.
        Eventually.value(
                Duration.ofSeconds(30),
                () -> Optional.ofNullable(started.getBean(KafkaListenerEndpointRegistry.class)
                                .getListenerContainer("forge-events"))
                        .flatMap(container -> Optional.ofNullable(container.getAssignedPartitions()))
                        .filter(partitions -> !partitions.isEmpty()),
                () -> "the consumer has no partitions");
        return started;
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
        service.close();
        embeddings.close();
        database.close();
    }

    @AfterEach
    void closeRepositories() {
        embeddings.delay(0);
        embeddings.failNext(0, 503);
        repositories.forEach(TestRepository::close);
    }

    private TestRepository newRepository() throws Exception {
        TestRepository repository = new TestRepository(Files.createTempDirectory(directory, "repository with space "));
        repositories.add(repository);
        return repository;
    }

    private static RestClient http(String bearer) {
        String port = service.getEnvironment().getRequiredProperty("local.server.port");
        return RestClient.builder()
                .baseUrl("http://127.0.0.1:" + port)
                .defaultHeaders(headers -> headers.setBearerAuth(bearer))
                .build();
    }

    private static CodeSearch codeSearch(String bearer) {
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(http(bearer)))
                .build()
                .createClient(CodeSearch.class);
    }

    private static SearchAnswer search(TestRepository repository, String text) {
        return codeSearch(token).search(new SearchQuery(text, List.of(repository.id()), 10));
    }

    private static List<String> paths(SearchAnswer answer) {
        return answer.hits().stream().map(hit -> hit.chunk().path()).distinct().toList();
    }

    @Test
    void aRegisteredRepositoryIsFoundByWordsByMeaningAndBySymbol() throws Exception {
        TestRepository repository = newRepository()
                .write("src/RefundService.java", REFUND_SERVICE)
                .write("src/Ledger.java", LEDGER)
                .write("README.md", "# Till\n\nCounts the money of a shop.\n")
                .write("logo.png", new byte[] {0, 1, 2})
                .write("data.bin2", new byte[] {0, 1, 2})
                .write("latin1.txt", "Gr\u00fc\u00dfe vom Kassenb\u00fcro".getBytes(StandardCharsets.ISO_8859_1))
                .write("node_modules/x/index.js", "module.exports = 1\n");
        CommitId commit = repository.commit("Till");

        IndexProgress completed = platform.pushAndAwait(repository.ref());

        assertThat(completed.failure()).isNull();
        assertThat(completed.state()).isEqualTo(State.COMPLETED);
        assertThat(completed.commit()).isEqualTo(commit);
        assertThat(completed.filesTotal()).isEqualTo(4);
        assertThat(completed.filesDone()).isEqualTo(4);
        assertThat(completed.filesSkipped()).isEqualTo(3);
        assertThat(completed.chunks()).isGreaterThanOrEqualTo(6);

        var bySymbol = search(repository, "refundOrder").hits().getFirst().chunk();
        assertThat(bySymbol.symbol()).isEqualTo("RefundService.refundOrder");
        assertThat(bySymbol.kind()).isEqualTo("method");
        assertThat(bySymbol.language()).isEqualTo("java");
        assertThat(bySymbol.commit()).isEqualTo(commit);
        assertThat(bySymbol.content())
                .startsWith("    /** Refunds an order once")
                .endsWith("    }");
        assertThat(REFUND_SERVICE.lines().toList().get(bySymbol.startLine() - 1))
                .contains("Refunds an order once");

        assertThat(search(repository, "where is the money of an order booked back in the ledger")
                        .hits()
                        .getFirst()
                        .chunk()
                        .path())
                .isEqualTo("src/Ledger.java");
        assertThat(paths(search(repository, "Kassenb\u00fcro"))).first().isEqualTo("latin1.txt");
        assertThat(search(repository, "already_refunded")
                        .hits()
                        .getFirst()
                        .chunk()
                        .symbol())
                .isEqualTo("Ledger.alreadyRefunded");
    }

    @Test
    void aPushTouchesOnlyWhatItChanged() throws Exception {
        TestRepository repository = newRepository()
                .write("src/RefundService.java", REFUND_SERVICE.replace("refundOrder", "returnParcel"))
                .write("src/Ledger.java", LEDGER.replace("Ledger", "ParcelBook"))
                .write("doc/gone.md", "# Walrus\n\nA walrus lives here.\n");
        repository.commit("First");
        platform.pushAndAwait(repository.ref());
        assertThat(paths(search(repository, "walrus"))).contains("doc/gone.md");
        embeddings.texts().clear();

        repository
                .delete("doc/gone.md")
                .delete("src/Ledger.java")
                .write("lib/ParcelBook.java", LEDGER.replace("Ledger", "ParcelBook"))
                .write("src/Fresh.java", "package shop;\n\nclass Fresh {\n    int octopusCount() { return 8; }\n}\n");
        CommitId second = repository.commit("Second");
        IndexProgress completed = platform.pushAndAwait(repository.ref());

        assertThat(completed.commit()).isEqualTo(second);
        assertThat(embeddings.texts()).singleElement().asString().contains("octopusCount");
        assertThat(paths(search(repository, "walrus"))).doesNotContain("doc/gone.md");
        assertThat(paths(search(repository, "ParcelBook"))).first().isEqualTo("lib/ParcelBook.java");
        assertThat(paths(search(repository, "octopusCount"))).first().isEqualTo("src/Fresh.java");
    }

    @Test
    void contentThatAnotherRepositoryHoldsIsNotEmbeddedAgain() throws Exception {
        String content = LEDGER.replace(
                "Ledger", "SharedBook" + UUID.randomUUID().toString().replace("-", ""));
        TestRepository first = newRepository().write("A.java", content);
        first.commit("First");
        platform.pushAndAwait(first.ref());
        embeddings.texts().clear();
        TestRepository second = newRepository().write("deep/B.java", content);
        second.commit("Second");

        IndexProgress completed = platform.pushAndAwait(second.ref());

        assertThat(completed.filesDone()).isEqualTo(1);
        assertThat(embeddings.texts()).isEmpty();
        SearchAnswer both = codeSearch(token)
                .search(new SearchQuery("alreadyRefunded SharedBook", List.of(first.id(), second.id()), 10));
        assertThat(paths(both)).contains("A.java", "deep/B.java");
    }

    @Test
    void contextGivesDefinitionsCallersAndConventionsOutsideTheChange() throws Exception {
        TestRepository repository = newRepository()
                .write("src/RefundService.java", REFUND_SERVICE)
                .write("src/Ledger.java", LEDGER)
                .write("src/Desk.java", """
                        package shop.till;

                        class Desk {
                            Receipt takeBack(Order order) {
                                return new RefundService(ledger).refundOrder(order);
                            }
                        }
                        """)
                .write("CONTRIBUTING.md", "# Rules\n\nAmounts are in cents.\n");
        repository.commit("Till");
        platform.pushAndAwait(repository.ref());

        ContextAnswer answer = codeSearch(token)
                .context(new ContextQuery(
                        repository.id(),
                        List.of("refundOrder", "bookRefund"),
                        List.of("src/RefundService.java"),
                        List.of("ledger.bookRefund(order, order.total());"),
                        20));

        assertThat(answer.indexed()).isTrue();
        assertThat(answer.items()).noneMatch(item -> item.chunk().path().equals("src/RefundService.java"));
        assertThat(answer.items())
                .anySatisfy(item -> {
                    assertThat(item.role()).isEqualTo(Role.DEFINITION);
                    assertThat(item.chunk().symbol()).isEqualTo("Ledger.bookRefund");
                })
                .anySatisfy(item -> {
                    assertThat(item.role()).isEqualTo(Role.CALLER);
                    assertThat(item.chunk().path()).isEqualTo("src/Desk.java");
                })
                .anySatisfy(item -> {
                    assertThat(item.role()).isEqualTo(Role.CONVENTION);
                    assertThat(item.chunk().path()).isEqualTo("CONTRIBUTING.md");
                });
    }

    @Test
    void aRepositoryThatVanishesFailsVisiblyAndHealsWithTheNextPush() throws Exception {
        TestRepository repository = newRepository().write("a.md", "# Penguin\n\nA penguin.\n");
        repository.commit("First");
        platform.pushAndAwait(repository.ref());
        Path elsewhere = repository.directory().resolveSibling("moved-" + UUID.randomUUID());
        Files.move(repository.directory(), elsewhere);

        IndexProgress failed = platform.pushAndAwait(repository.ref());

        assertThat(failed.state()).isEqualTo(State.FAILED);
        Failure failure = Objects.requireNonNull(failed.failure());
        assertThat(failure.code()).isEqualTo("repository-unreadable");
        assertThat(failure.message()).contains("there is no directory");
        assertThat(paths(search(repository, "penguin"))).contains("a.md");

        Files.move(elsewhere, repository.directory());
        assertThat(platform.pushAndAwait(repository.ref()).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void aBranchThatIsMissingIsNamedWithThoseThatAreThere() throws Exception {
        TestRepository repository = newRepository().write("a.md", "text\n");
        repository.commit("First");
        RepositoryRef asked = new RepositoryRef(
                repository.id(),
                "demo/branchless",
                RepositoryRef.Forge.GIT,
                repository.directory().toString(),
                "trunk");
        Instant before = Instant.now();
        platform.send(asked.id().toString(), "dev.guildhall.forge.push.v1", """
                {"repository":{"id":"%s","name":"demo/branchless","forge":"GIT","location":"%s","defaultBranch":"trunk"},
                 "ref":"trunk","occurredAt":"2026-11-01T00:00:00Z","aFieldOfTheFuture":1}
                """.formatted(asked.id(), asked.location())
                .getBytes(StandardCharsets.UTF_8));

        IndexProgress failed = platform.await(asked.id(), before);

        Failure failure = Objects.requireNonNull(failed.failure());
        assertThat(failure.code()).isEqualTo("branch-missing");
        assertThat(failure.message()).contains("'trunk'").contains("main");
    }

    @Test
    void anEmptyRepositoryIsIndexedAsEmpty() throws Exception {
        IndexProgress completed = platform.pushAndAwait(newRepository().ref());

        assertThat(completed.state()).isEqualTo(State.COMPLETED);
        assertThat(completed.commit()).isNull();
        assertThat(completed.filesTotal()).isZero();
    }

    @Test
    void aModelThatIsLoadingIsWaitedFor() throws Exception {
        TestRepository repository = newRepository().write("a.md", "# Heron " + UUID.randomUUID() + "\n");
        repository.commit("First");
        embeddings.failNext(3, 503);

        assertThat(platform.pushAndAwait(repository.ref()).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void withoutTheModelWordsAloneAreSearched() throws Exception {
        TestRepository repository = newRepository().write("a.md", "# Kingfisher\n\nA kingfisher.\n");
        repository.commit("First");
        platform.pushAndAwait(repository.ref());
        embeddings.failNext(1, 500);

        assertThat(paths(search(repository, "kingfisher"))).containsExactly("a.md");
    }

    @Test
    void aRunThatDiesIsTakenUpWithoutEmbeddingTwice() throws Exception {
        TestRepository repository = newRepository();
        for (int number = 0; number < 60; number++) {
            repository.write("f" + number + ".md", "# Stork %s\n\nNumber %d.\n".formatted(UUID.randomUUID(), number));
        }
        CommitId commit = repository.commit("Many");
        embeddings.texts().clear();
        embeddings.delay(300);
        Instant before = platform.push(repository.ref());
        Eventually.value(
                Duration.ofSeconds(20),
                () -> Optional.of(embeddings.texts().size()).filter(count -> count >= 16),
                () -> "nothing embedded");

        // As kill -9 does to a process: its connections end, whatever it was doing.
        database.terminateConnections();
        embeddings.delay(0);

        IndexProgress completed = platform.awaitReport(
                progress -> progress.repositoryId().equals(repository.id()) && progress.state() == State.COMPLETED);
        assertThat(completed.occurredAt()).isAfter(before);
        assertThat(completed.commit()).isEqualTo(commit);
        assertThat(completed.filesDone()).isEqualTo(60);
        assertThat(embeddings.texts().size()).isLessThan(120);
    }

    @Test
    void searchesSeeOneCommitOrTheOtherWhileABranchMoves() throws Exception {
        TestRepository repository = newRepository();
        for (int number = 0; number < 5; number++) {
            repository.write("f" + number + ".md", "# Magpie\n\nmagpie file %d first\n".formatted(number));
        }
        repository.commit("First");
        platform.pushAndAwait(repository.ref());
        List<String> mixtures = new CopyOnWriteArrayList<>();
        List<SearchAnswer> answers = new CopyOnWriteArrayList<>();
        Thread searcher = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                SearchAnswer answer = search(repository, "magpie");
                answers.add(answer);
                if (answer.hits().stream()
                                        .map(hit -> hit.chunk().commit())
                                        .distinct()
                                        .count()
                                != 1
                        || answer.hits().stream()
                                        .map(hit -> hit.chunk().content().replaceAll(".* ", ""))
                                        .distinct()
                                        .count()
                                != 1
                        || answer.hits().size() != 5) {
                    mixtures.add(answer.toString());
                }
            }
        });

        for (String edition : List.of("second", "third", "fourth")) {
            for (int number = 0; number < 5; number++) {
                repository.write("f" + number + ".md", "# Magpie\n\nmagpie file %d %s\n".formatted(number, edition));
            }
            repository.commit(edition);
            platform.pushAndAwait(repository.ref());
        }
        searcher.interrupt();
        searcher.join();

        assertThat(answers).hasSizeGreaterThan(3);
        assertThat(mixtures).isEmpty();
    }

    @Test
    void aRemovedRepositoryLeavesNothing() throws Exception {
        TestRepository repository = newRepository().write("a.md", "# Pelican\n\nA pelican.\n");
        repository.commit("First");
        platform.pushAndAwait(repository.ref());
        Path mirror = directory.resolve("state/mirrors/" + repository.id() + ".git");
        assertThat(mirror).isDirectory();

        platform.remove(repository.id());

        Eventually.value(
                Duration.ofSeconds(20),
                () -> Optional.of(search(repository, "pelican"))
                        .filter(answer -> !answer.notIndexed().isEmpty()),
                () -> "the repository is still searched");
        Eventually.value(
                Duration.ofSeconds(5),
                () -> Optional.of(mirror).filter(path -> !Files.exists(path)),
                () -> "the mirror is still there");
    }

    @Test
    void whatCannotBeReadGoesToTheDeadLetters() {
        String broken = "{\"broken\": \"" + UUID.randomUUID() + "\"";
        platform.send("x", "dev.guildhall.forge.push.v1", broken.getBytes(StandardCharsets.UTF_8));
        platform.awaitDeadLetter(broken);

        String unknown = "{\"unknown\": \"" + UUID.randomUUID() + "\"}";
        platform.send("x", "dev.guildhall.forge.star.v1", unknown.getBytes(StandardCharsets.UTF_8));
        platform.awaitDeadLetter(unknown);
    }

    @Test
    void onlyServicesMayAsk() {
        SearchQuery query = new SearchQuery("x", List.of(UUID.randomUUID()), 1);

        assertThatThrownBy(() -> codeSearch("nonsense").search(query))
                .isInstanceOf(HttpClientErrorException.Unauthorized.class);
        assertThat(codeSearch(token).search(query).notIndexed()).hasSize(1);
        assertThat(http(token)
                        .get()
                        .uri("/actuator/health")
                        .retrieve()
                        .toBodilessEntity()
                        .getStatusCode())
                .isEqualTo(HttpStatus.OK);
    }

    @Test
    void aQuestionThatIsWrongIsRefusedWithTheReason() {
        assertThatThrownBy(() -> http(token)
                        .post()
                        .uri("/internal/v1/search")
                        .contentType(MediaType.APPLICATION_JSON)
                        .body("{\"text\":\"x\",\"repositoryIds\":[],\"limit\":5}")
                        .retrieve()
                        .toBodilessEntity())
                .isInstanceOf(HttpClientErrorException.BadRequest.class)
                .hasMessageContaining("name at least one repository");
    }
}
