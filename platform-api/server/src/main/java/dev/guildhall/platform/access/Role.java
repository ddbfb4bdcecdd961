package dev.guildhall.platform.access;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a caller may do; each role may also do what the roles after it may. */
public enum Role {
    /** Changes repositories, models and access. */
    ADMIN,
    /** Searches, and runs reviews. */
    DEVELOPER,
    /** Reads. */
    VIEWER;

    /** The claim of Keycloak's tokens that lists roles. */
    static final String CLAIM = "roles";

    /** As tokens and the API spell it: {@code admin}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    GrantedAuthority authority() {
        return new SimpleGrantedAuthority("ROLE_" + name());
    }

    /** Those of our roles that a token's claim holds; words that we do not know give nothing. */
    static Set<GrantedAuthority> authorities(@Nullable Collection<String> words) {
        return words == null
                ? Set.of()
                : Stream.of(values())
                        .filter(role -> words.contains(role.word()))
                        .map(Role::authority)
                        .collect(Collectors.toUnmodifiableSet());
    }
}
