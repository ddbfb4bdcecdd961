/** What a sequence has seen so far: keys and values of every layer. */
@NullMarked
package dev.guildhall.engine.cache;

import org.jspecify.annotations.NullMarked;
