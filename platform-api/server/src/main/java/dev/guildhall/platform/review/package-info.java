/** The read model of reviews, kept current by the review bot's events. */
@NullMarked
package dev.guildhall.platform.review;

import org.jspecify.annotations.NullMarked;
