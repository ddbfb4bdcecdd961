package dev.guildhall.indexer.source;

/**
 * A file of one commit that may be worth indexing.
 *
 * @param path with bytes that are not UTF-8 shown as {@code \351}
 * @param gitBlob object name of its content: equal contents have equal names
 */
public record SourceFile(String path, String gitBlob) {}
