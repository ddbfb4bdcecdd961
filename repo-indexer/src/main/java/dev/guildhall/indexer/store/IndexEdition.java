package dev.guildhall.indexer.store;

/** By what contents were cut and embedded: contents of two editions cannot be compared, so a change redoes them all. */
public record IndexEdition(String embeddingModel, int chunkerVersion) {}
