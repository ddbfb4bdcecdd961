/** Finds in the index what belongs beside a change. */
@NullMarked
package dev.guildhall.reviewbot.context;

import org.jspecify.annotations.NullMarked;
