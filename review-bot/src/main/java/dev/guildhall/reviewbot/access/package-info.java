/** Decides who may call review-bot, and identifies it to the services that it calls. */
@NullMarked
package dev.guildhall.reviewbot.access;

import org.jspecify.annotations.NullMarked;
