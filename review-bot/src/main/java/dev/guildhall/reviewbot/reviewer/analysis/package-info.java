/** Finds mistakes in changed lines by rules, without a model. */
@NullMarked
package dev.guildhall.reviewbot.reviewer.analysis;

import org.jspecify.annotations.NullMarked;
