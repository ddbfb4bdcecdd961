package dev.guildhall.platform.repository.web;

import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.platform.access.PublicAddress;
import dev.guildhall.platform.repository.Repositories;
import dev.guildhall.platform.repository.Repository;
import dev.guildhall.platform.repository.RepositoryIndex;
import dev.guildhall.platform.repository.RepositoryRegistration;
import dev.guildhall.platform.repository.RepositoryRegistration.Registered;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Repositories over REST. */
@RestController
@RequestMapping("/api/v1/repositories")
class RepositoryController {

    private static final String DEFAULT_BRANCH = "main";

    private final Repositories repositories;
    private final RepositoryRegistration registration;
    private final PublicAddress address;

    RepositoryController(Repositories repositories, RepositoryRegistration registration, PublicAddress address) {
        this.repositories = repositories;
        this.registration = registration;
        this.address = address;
    }

    @GetMapping
    @Operation(summary = "All repositories with the state of their index")
    RepositoryList list() {
        List<RepositoryView> items =
                repositories.findAll().stream().map(RepositoryView::of).toList();
        return new RepositoryList(items, items.size());
    }

    @GetMapping("/{id}")
    @Operation(summary = "One repository")
    RepositoryView get(@PathVariable UUID id) {
        return RepositoryView.of(repositories.require(id));
    }

    @PostMapping
    @Operation(summary = "Register a repository; the answer shows its webhook secret this once")
    ResponseEntity<RegisteredRepository> create(@RequestBody @Valid NewRepository request) {
        String branch = request.defaultBranch() == null ? DEFAULT_BRANCH : request.defaultBranch();
        Registered registered = registration.register(request.name(), request.location(), branch);
        RepositoryView view = RepositoryView.of(registered.repository());
        return ResponseEntity.created(URI.create("/api/v1/repositories/" + view.id()))
                .cacheControl(CacheControl.noStore())
                .body(new RegisteredRepository(
                        view.id(),
                        view.name(),
                        view.forge(),
                        view.location(),
                        view.defaultBranch(),
                        view.createdAt(),
                        view.index(),
                        registered.webhookSecret(),
                        address.of("/webhooks/git/" + view.id())));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Remove a repository with its reviews")
    void remove(@PathVariable UUID id) {
        registration.remove(id);
    }

    /** @param defaultBranch {@code main} where absent */
    record NewRepository(
            @NotBlank(message = "is missing") String name,
            @NotBlank(message = "is missing") String location,
            @Nullable String defaultBranch) {}

    record RepositoryList(List<RepositoryView> items, int total) {}

    record RepositoryView(
            UUID id,
            String name,
            String forge,
            String location,
            String defaultBranch,
            Instant createdAt,
            RepositoryIndex index) {

        static RepositoryView of(Repository repository) {
            RepositoryRef ref = repository.ref();
            return new RepositoryView(
                    ref.id(),
                    ref.name(),
                    ref.forge().name().toLowerCase(Locale.ROOT),
                    ref.location(),
                    ref.defaultBranch(),
                    repository.createdAt(),
                    repository.index());
        }
    }

    /** @param webhookSecret the key of the forge's HMAC; cannot be read again */
    record RegisteredRepository(
            UUID id,
            String name,
            String forge,
            String location,
            String defaultBranch,
            Instant createdAt,
            RepositoryIndex index,
            String webhookSecret,
            String webhookUrl) {}
}
