package dev.guildhall.inference;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** A realm that hands out its keys over HTTP, and signs whatever a test wants to be signed. */
public final class TestRealm implements AutoCloseable {

    private final HttpServer server;
    private final RSAKey key;

    public TestRealm() {
        try {
            key = new RSAKeyGenerator(2048).keyID("test").generate();
            byte[] keys = new JWKSet(key).toString().getBytes(StandardCharsets.UTF_8);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/realms/test/protocol/openid-connect/certs", exchange -> {
                try (exchange) {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, keys.length);
                    exchange.getResponseBody().write(keys);
                }
            });
            server.start();
        } catch (IOException | JOSEException fault) {
            throw new IllegalStateException(fault);
        }
    }

    public String issuer() {
        return "http://127.0.0.1:%d/realms/test".formatted(server.getAddress().getPort());
    }

    /** A token as Keycloak gives a service account. */
    public String serviceToken() {
        return token(issuer(), "guildhall", List.of("service"), Instant.now().plusSeconds(60));
    }

    public String token(String issuer, String audience, List<String> roles, Instant expiry) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject("service-account")
                .audience(List.of("account", audience))
                .claim("roles", roles)
                .expirationTime(Date.from(expiry))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException fault) {
            throw new IllegalStateException(fault);
        }
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
