package dev.guildhall.inference.openai;

import dev.guildhall.inference.problem.ErrorWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets running answers come to their end when the node shuts down, and refuses new requests meanwhile. The server still
 * listens then: a caller is told to go elsewhere, which a closed port could not do.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class Drain extends OncePerRequestFilter implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    private final EngineSettings settings;
    private final ServedModel served;
    private final ErrorWriter errors;
    private final ApplicationEventPublisher events;

    private int requests; // guarded by this
    private boolean draining; // guarded by this
    private volatile boolean running;

    Drain(EngineSettings settings, ServedModel served, ErrorWriter errors, ApplicationEventPublisher events) {
        this.settings = settings;
        this.served = served;
        this.errors = errors;
        this.events = events;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/actuator/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!begin()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
            response.setHeader(HttpHeaders.CONNECTION, "close");
            errors.write(
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "shutting-down",
                    "the node shuts down and takes no new requests; ask another, or again in a while");
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            end();
        }
    }

    private synchronized boolean begin() {
        if (draining) {
            return false;
        }
        requests++;
        return true;
    }

    private synchronized void end() {
        requests--;
        notifyAll();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web server, which stops in a lower phase. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }

    @Override
    public void stop(Runnable callback) {
        Thread.ofPlatform().name("drain").start(() -> {
            stop();
            callback.run();
        });
    }

    @Override
    public void stop() {
        AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
        int left = drain();
        if (left > 0) {
            log.warn("{} requests were broken off after {}", left, settings.drainMax());
        }
        served.destroy();
        running = false;
    }

    private synchronized int drain() {
        draining = true;
        long end = System.nanoTime() + settings.drainMax().toNanos();
        try {
            for (long left = settings.drainMax().toMillis(); requests > 0 && left > 0; ) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return requests;
    }
}
