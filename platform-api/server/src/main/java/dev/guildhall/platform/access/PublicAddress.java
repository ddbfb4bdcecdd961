package dev.guildhall.platform.access;

import org.springframework.stereotype.Component;

/** Where the outside reaches this service. */
@Component
public class PublicAddress {

    private final String origin;

    PublicAddress(AccessSettings settings) {
        this.origin = settings.publicUrl();
    }

    /** The address of a page or endpoint, from its absolute path. */
    public String of(String path) {
        return origin + path;
    }
}
