package dev.guildhall.indexer.source;

/** What a look into a file gave. */
public sealed interface SourceContent {

    /** Text, with lines ending in {@code \n} and without NUL characters. */
    record Text(String text) implements SourceContent {}

    /** Nothing to index. */
    record Skipped(SkipReason reason) implements SourceContent {}
}
