/** Turns pushes into index runs: reads them from Kafka, queues them durably, runs them, reports progress. */
@NullMarked
package dev.guildhall.indexer.indexing;

import org.jspecify.annotations.NullMarked;
