/** What review-bot asks of the place where a repository lives. */
@NullMarked
package dev.guildhall.reviewbot.forge;

import org.jspecify.annotations.NullMarked;
