/** Asks the language model, and checks that its answers hold. */
@NullMarked
package dev.guildhall.reviewbot.reviewer.model;

import org.jspecify.annotations.NullMarked;
