/** Tells the other services about reviews: exactly one outcome for each attempt. */
@NullMarked
package dev.guildhall.reviewbot.publish;

import org.jspecify.annotations.NullMarked;
