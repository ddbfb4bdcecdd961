package dev.guildhall.indexer.store;

import dev.guildhall.contract.search.CodeChunk;

/** A chunk that a query gave, with its place in one repository. */
public record FoundChunk(long id, CodeChunk chunk) {}
