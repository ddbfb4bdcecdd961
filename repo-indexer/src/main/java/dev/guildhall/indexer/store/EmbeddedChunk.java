package dev.guildhall.indexer.store;

import dev.guildhall.indexer.chunk.SourceChunk;

/** A chunk with its vector. */
@SuppressWarnings("ArrayRecordComponent") // Vectors are written once and never compared.
public record EmbeddedChunk(SourceChunk chunk, float[] vector) {}
