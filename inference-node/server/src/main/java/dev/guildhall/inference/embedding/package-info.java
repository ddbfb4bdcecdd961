/** Vectors for texts: {@code /v1/embeddings} over a model that is built in. */
@NullMarked
package dev.guildhall.inference.embedding;

import org.jspecify.annotations.NullMarked;
