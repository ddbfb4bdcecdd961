/** What the tests stand on: made-up repositories, services and events. */
@NullMarked
package dev.guildhall.reviewbot.testing;

import org.jspecify.annotations.NullMarked;
