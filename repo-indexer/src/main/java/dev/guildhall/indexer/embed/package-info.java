/** Turns text into vectors through an embedding model behind the OpenAI protocol. */
@NullMarked
package dev.guildhall.indexer.embed;

import org.jspecify.annotations.NullMarked;
