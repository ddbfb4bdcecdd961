package dev.guildhall.platform.access;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;

/** Tells a caller who they are. */
@RestController
class SessionController {

    private final RoleHierarchy hierarchy;
    private final String version;

    SessionController(RoleHierarchy hierarchy, ObjectProvider<BuildProperties> build) {
        this.hierarchy = hierarchy;
        BuildProperties properties = build.getIfAvailable();
        String known = properties == null ? null : properties.getVersion();
        this.version = known == null ? "unknown" : known;
    }

    @GetMapping("/api/v1/session")
    @Operation(summary = "Who is signed in, what they may do, and the CSRF token for writes from a browser")
    ResponseEntity<Session> session(
            Authentication caller,
            @Parameter(hidden = true) @RequestAttribute(name = "_csrf", required = false) @Nullable CsrfToken csrf) {
        List<String> granted = hierarchy.getReachableGrantedAuthorities(caller.getAuthorities()).stream()
                .map(authority -> String.valueOf(authority.getAuthority()))
                .toList();
        List<String> roles = Stream.of(Role.values())
                .filter(role -> granted.contains(String.valueOf(role.authority().getAuthority())))
                .map(Role::word)
                .toList();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new Session(
                        new User(caller.getName(), displayName(caller), roles),
                        csrf == null ? null : new Csrf(csrf.getHeaderName(), csrf.getToken()),
                        version));
    }

    private static String displayName(Authentication caller) {
        String fullName = caller.getPrincipal() instanceof OidcUser person ? person.getFullName() : null;
        return fullName == null || fullName.isBlank() ? caller.getName() : fullName;
    }

    /** @param csrf absent for tools, which need none */
    record Session(User user, @Nullable Csrf csrf, String version) {}

    /** @param roles strongest first, with those that it implies */
    record User(String name, String displayName, List<String> roles) {}

    record Csrf(String header, String token) {}
}
