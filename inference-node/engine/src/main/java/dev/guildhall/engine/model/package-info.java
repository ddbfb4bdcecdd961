/** The decoder: a model file's weights and the forward pass over them. */
@NullMarked
package dev.guildhall.engine.model;

import org.jspecify.annotations.NullMarked;
