/** Models made from other models, or from nothing: quantizing, upcycling, random weights. */
@NullMarked
package dev.guildhall.engine.conversion;

import org.jspecify.annotations.NullMarked;
