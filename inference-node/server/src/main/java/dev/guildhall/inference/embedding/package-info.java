/** Vectors for texts: {@code /v1/embeddings} over a model that is built in, or one of Qwen3-Embedding out of a file. */
@NullMarked
package dev.guildhall.inference.embedding;

import org.jspecify.annotations.NullMarked;
