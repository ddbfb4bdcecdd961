package dev.guildhall.contract.search;

import java.util.List;

/**
 * What belongs beside a change, best first.
 *
 * @param indexed false where the repository has no index yet: an empty answer then says nothing
 */
public record ContextAnswer(boolean indexed, List<Item> items) {

    public ContextAnswer {
        items = List.copyOf(items);
    }

    /** A chunk and why it was chosen. */
    public record Item(Role role, CodeChunk chunk, double score) {}

    /** Why a chunk was chosen. */
    public enum Role {
        /** Defines a symbol that the change uses. */
        DEFINITION,
        /** Uses a symbol that the change defines or alters. */
        CALLER,
        /** Resembles the changed code. */
        SIMILAR,
        /** The repository's own rules or documents. */
        CONVENTION
    }
}
